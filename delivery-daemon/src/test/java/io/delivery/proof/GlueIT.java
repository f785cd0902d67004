package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.api.http.FirehoseClient;
import io.delivery.machine.SystemClock;
import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.MotoServer;
import io.delivery.testkit.servers.S3Bucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real program with a table in Glue (moto) and objects in S3 (MinIO): the table changes, Glue
 * ends, the program starts without it, Glue comes back. DuckDB reads what landed.
 */
@Timeout(300)
class GlueIT {
    private static final String ONE_COLUMN = "{\"Name\":\"n\",\"Type\":\"bigint\"}";
    private static final String TWO_COLUMNS =
            ONE_COLUMN + ",{\"Name\":\"town\",\"Type\":\"string\"}";
    private static final int EACH = 50;

    @TempDir private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void a_table_changes_glue_ends_and_comes_back_and_each_record_is_a_row_once() throws Exception {
        assumeTrue(MotoServer.missing().isEmpty(), () -> MotoServer.missing().orElse(""));
        assumeTrue(MinioServer.missing().isEmpty(), () -> MinioServer.missing().orElse(""));
        try (MinioServer minio = MinioServer.start();
                S3Bucket events = S3Bucket.create(minio, "events")) {
            Path config;
            URI glue;
            try (MotoServer moto = MotoServer.start()) {
                glue = moto.endpoint();
                config = configuration(minio, glue);
                ask(glue, "CreateDatabase", "{\"DatabaseInput\":{\"Name\":\"shop\"}}");
                ask(glue, "CreateTable", table(ONE_COLUMN));
                try (DaemonProcess daemon = Daemons.start(config)) {
                    put(daemon, 0);
                    daemon.flush("orders");
                    assertThat(columns(events)).containsExactly("n");
                    assertThat(objects(events)).isEqualTo(1);

                    // Within one buffer, which becomes one object all the same.
                    put(daemon, EACH, EACH + EACH / 2);
                    ask(glue, "UpdateTable", table(TWO_COLUMNS));
                    daemon.live(Duration.ofSeconds(2)); // longer than refresh
                    put(daemon, EACH + EACH / 2, 2 * EACH);
                    daemon.flush("orders");
                    assertThat(columns(events)).containsExactly("n", "town");
                    assertThat(objects(events)).isEqualTo(2);
                    assertThat(daemon.log()).contains("table changed: table=shop.orders version=2");

                    moto.close();
                    daemon.live(Duration.ofSeconds(2));
                    put(daemon, 2);
                    daemon.flush("orders");
                    assertThat(objects(events)).isEqualTo(3);
                    assertThat(daemon.status("orders").path("healthy").asBoolean()).isTrue();
                    daemon.awaitLog("reading a table fails: catalog=glue table=shop.orders");
                    put(daemon, 3);
                    daemon.kill();
                }
            }
            try (DaemonProcess daemon = Daemons.start(config)) {
                assertThat(daemon.log())
                        .contains("to be mended")
                        .contains("GetTable shop.orders at " + glue);
                put(daemon, 4);
                CompletableFuture<Void> flushed = CompletableFuture.runAsync(() -> flush(daemon));
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> !daemon.status("orders").path("healthy").asBoolean());
                assertThat(daemon.status("orders").path("troubles").toString())
                        .contains("GetTable shop.orders at " + glue)
                        .contains("Connection refused");
                assertThat(rows(events)).isEqualTo(3 * EACH);
                assertThat(daemon.books("orders", 0).path("errorOutput").asInt()).isZero();

                try (MotoServer again = MotoServer.startAt(glue)) {
                    ask(glue, "CreateDatabase", "{\"DatabaseInput\":{\"Name\":\"shop\"}}");
                    ask(glue, "CreateTable", table(TWO_COLUMNS));
                    flushed.get(120, TimeUnit.SECONDS);
                    assertThat(daemon.status("orders").path("healthy").asBoolean()).isTrue();
                    assertThat(daemon.books("orders", 0).path("balanced").asBoolean()).isTrue();
                }
                daemon.terminate();
                assertThat(daemon.exitCode()).as(daemon.log()).isZero();
            }
            assertThat(rows(events)).isEqualTo(5 * EACH);
            assertThat(query("SELECT count(DISTINCT n) FROM landed")).containsExactly("250");
            assertThat(query("SELECT count(*) FROM landed WHERE town IS NULL"))
                    .containsExactly(String.valueOf(EACH));
            assertThat(events.objects().keySet()).noneMatch(key -> key.startsWith("errors/"));
            assertThat(objects(events)).as("one for each flush, at most").isBetween(4L, 5L);
        }
    }

    private Path configuration(MinioServer minio, URI glue) throws IOException {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                limits: {memory: 200MB}
                stores:
                  lake: {s3: {endpoint: '%1$s', credentials: {accessKeyId: %2$s, secretAccessKey: %3$s}}}
                catalogs:
                  glue: {glue: {endpoint: '%4$s', credentials: {accessKeyId: %2$s, secretAccessKey: %3$s}, refresh: 1s}}
                streams:
                  orders:
                    format: {parquet: {}, schema: {table: shop.orders}}
                    destination: {bucket: events, prefix: main/, errorPrefix: errors/}
                """
                        .formatted(
                                minio.endpoint(),
                                minio.accessKeyId(),
                                minio.secretAccessKey(),
                                glue));
    }

    private static String table(String columns) {
        return "{\"DatabaseName\":\"shop\",\"TableInput\":{\"Name\":\"orders\",\"StorageDescriptor\":{\"Columns\":[%s]}}}"
                .formatted(columns);
    }

    private void ask(URI glue, String operation, String body) throws Exception {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(glue)
                                .header("X-Amz-Target", "AWSGlue." + operation)
                                .header("Content-Type", "application/x-amz-json-1.1")
                                .header(
                                        "Authorization",
                                        "AWS4-HMAC-SHA256 Credential=testak/20260101/us-east-1/glue/aws4_request")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Records of one round, each with a number that no other round has. */
    private static void put(DaemonProcess daemon, int round) throws Exception {
        put(daemon, round * EACH, (round + 1) * EACH);
    }

    private static void put(DaemonProcess daemon, int from, int to) throws Exception {
        List<byte[]> records =
                IntStream.range(from, to)
                        .mapToObj("{\"n\": %d, \"town\": \"Ulm\"}"::formatted)
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList();
        assertThat(
                        new FirehoseClient(daemon.api(), Optional.empty(), new SystemClock())
                                .putRecordBatch("orders", records))
                .allMatch(FirehoseClient.Entry::accepted);
    }

    private static void flush(DaemonProcess daemon) {
        try {
            daemon.flush("orders", Duration.ofSeconds(120));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // --- what landed ---

    private List<String> query(String sql) throws Exception {
        try (DuckDb duck = new DuckDb()) {
            duck.execute(
                    "CREATE TABLE landed AS SELECT * FROM read_parquet('%s/**/*.parquet', union_by_name=true)"
                            .formatted(folder.resolve("lake/main")));
            return duck.rows(sql);
        }
    }

    private static long objects(S3Bucket events) {
        return events.objects().keySet().stream().filter(key -> key.startsWith("main/")).count();
    }

    private int rows(S3Bucket events) throws Exception {
        events.download(folder.resolve("lake"));
        return Integer.parseInt(query("SELECT count(*) FROM landed").get(0));
    }

    private List<String> columns(S3Bucket events) throws Exception {
        events.download(folder.resolve("lake"));
        return query("SELECT column_name FROM (DESCRIBE landed)");
    }
}
