package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.http.FirehoseClient;
import io.delivery.machine.SystemClock;
import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.S3Bucket;
import io.delivery.testkit.servers.S3ProxyServer;
import io.delivery.testkit.servers.S3Server;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One stream that does everything at once: buffer, jq partitions, Parquet, backup, error output,
 * into S3, killed on the way. What landed is compared with the input by DuckDB, which reads both by
 * itself. Each build has one run for each format; {@code make prove} ({@code -Dproof.seconds}) has
 * all of them.
 */
class LakeIT {
    private static final Path SLICE =
            Path.of(
                    "../delivery-transform/src/test/resources/windows-events/windows-events-300.ndjson.gz");
    private static final Pattern NUMBER = Pattern.compile("^\\{\"n\":(\\d+)");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BATCH_BYTES = 256 << 10;
    private static final int MAX_BATCH = 200;

    /** Every so many records one that is cut off: no JSON. */
    private static final int MALFORMED_EVERY = 97;

    @TempDir private Path folder;

    private Format format = Format.PARQUET;

    /** What files the records become. */
    private enum Format {
        PARQUET,
        ORC;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Test
    void clickstream_in_minio_killed_twice() throws Exception {
        LongProof.assumeAskedFor();
        inMinio(LakeInput.clickstream(8_000, 11), 2);
    }

    @Test
    void clickstream_as_orc_in_minio_killed_twice() throws Exception {
        format = Format.ORC;
        inMinio(LakeInput.clickstream(8_000, 13), 2);
    }

    @Test
    void all_windows_events_in_minio_killed_twice() throws Exception {
        LongProof.assumeAskedFor();
        assumeMinio();
        inMinio(LakeInput.windowsEvents(data("windows-events.ndjson.gz")), 2);
    }

    @Test
    void all_cloudtrail_events_in_minio_killed_once() throws Exception {
        LongProof.assumeAskedFor();
        assumeMinio();
        inMinio(LakeInput.cloudtrail(data("cloudtrail.ndjson.gz")), 1);
    }

    @Test
    void clickstream_in_s3proxy_killed_once() throws Exception {
        try (S3ProxyServer server = S3ProxyServer.start()) {
            prove(server, LakeInput.clickstream(5_000, 12), 1);
        }
    }

    @Test
    void three_hundred_windows_events_in_s3proxy_killed_once() throws Exception {
        LongProof.assumeAskedFor();
        try (S3ProxyServer server = S3ProxyServer.start()) {
            prove(server, LakeInput.windowsEvents(Files.newInputStream(SLICE)), 1);
        }
    }

    private static void assumeMinio() {
        assumeTrue(MinioServer.missing().isEmpty(), () -> MinioServer.missing().orElse(""));
    }

    private void inMinio(LakeInput input, int kills) throws Exception {
        assumeMinio();
        try (MinioServer server = MinioServer.start()) {
            prove(server, input, kills);
        }
    }

    private static InputStream data(String name) throws IOException {
        String directory = System.getProperty("delivery.data", System.getenv("DELIVERY_DATA"));
        assumeTrue(
                directory != null && Files.exists(Path.of(directory, name)),
                "no " + name + ": set DELIVERY_DATA or -Ddelivery.data to the samples' directory");
        return Files.newInputStream(Path.of(directory, name));
    }

    // --- the run ---

    /** What was put and what became of it. */
    private static final class Sent {
        private final Map<Long, String> records = new HashMap<>();
        private final Set<Long> malformed = new TreeSet<>();
        private final Set<Long> acknowledged = new TreeSet<>();
    }

    private void prove(S3Server server, LakeInput input, int kills) throws Exception {
        Files.createDirectories(folder.resolve("schemas/proof"));
        Files.writeString(folder.resolve("schemas/proof/input.yaml"), input.table());
        Path config = configuration(server, input);
        boolean versions = server instanceof MinioServer;
        try (S3Bucket events = S3Bucket.create(server, "events");
                S3Bucket raw = S3Bucket.create(server, "raw")) {
            if (versions) {
                events.keepVersions();
                raw.keepVersions();
            }
            Sent sent = run(config, input, kills);
            compare(input, sent, events, raw);
            if (versions) {
                assertThat(events.versions().values()).isNotEmpty().containsOnly(1);
                assertThat(raw.versions().values()).isNotEmpty().containsOnly(1);
            }
        }
    }

    private Path configuration(S3Server server, LakeInput input) throws IOException {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                limits: {memory: 200MB}
                stores:
                  lake:
                    s3:
                      endpoint: %s
                      credentials: {accessKeyId: %s, secretAccessKey: %s}
                catalogs: {main: {file: schemas}}
                streams:
                  input:
                    buffer: {size: 1MB, interval: 2s, lowLatency: true}
                    partitioning: {query: '%s'}
                    format:
                      %s: {compression: snappy}
                      schema: {table: proof.input}
                    destination:
                      bucket: events
                      prefix: 'main/%s'
                      errorPrefix: errors/!{firehose:error-output-type}/
                    backup:
                      bucket: raw
                      compression: gzip
                      delimiter: lines
                      buffer: {size: 1MB, interval: 2s, lowLatency: true}
                """
                        .formatted(
                                server.endpoint(),
                                server.accessKeyId(),
                                server.secretAccessKey(),
                                input.query(),
                                format.word(),
                                input.prefix()));
    }

    private Sent run(Path config, LakeInput input, int kills) throws Exception {
        Sent sent = new Sent();
        AtomicInteger done = new AtomicInteger();
        Door door = new Door();
        CompletableFuture<Void> producer =
                CompletableFuture.runAsync(() -> put(input, sent, door, done));
        try {
            for (int kill = 1; kill <= kills; kill++) {
                try (DaemonProcess daemon = Daemons.start(config)) {
                    int until = input.records().size() * kill / (kills + 1);
                    door.open(daemon);
                    Awaitility.await()
                            .atMost(java.time.Duration.ofSeconds(60))
                            .until(() -> done.get() >= until || producer.isDone());
                    door.close(); // the call that is under way is cut, and no other
                    daemon.kill();
                    assertThat(daemon.log()).doesNotContain(" ERROR ");
                }
            }
            try (DaemonProcess daemon = Daemons.start(config)) {
                door.open(daemon);
                producer.get(120, java.util.concurrent.TimeUnit.SECONDS);
                daemon.flush("input");
                assertThat(daemon.books("input", 0).path("balanced").asBoolean()).isTrue();
                assertThat(daemon.books("input", 0).path("buffered").asInt()).isZero();
                daemon.terminate();
                assertThat(daemon.exitCode()).as(daemon.log()).isZero();
            }
        } finally {
            door.open(null);
        }
        return sent;
    }

    /** Where the producer finds the daemon, while there is one. */
    private static final class Door {
        private volatile CompletableFuture<FirehoseClient> client = new CompletableFuture<>();

        void open(DaemonProcess daemon) {
            client.complete(
                    daemon == null
                            ? null
                            : new FirehoseClient(
                                    daemon.api(), Optional.empty(), new SystemClock()));
        }

        void close() {
            client = new CompletableFuture<>();
        }

        FirehoseClient client() {
            return client.join();
        }
    }

    private static void put(LakeInput input, Sent sent, Door door, AtomicInteger done) {
        List<String> batch = new ArrayList<>();
        int bytes = 0;
        for (int n = 0; n < input.records().size(); n++) {
            String record = input.records().get(n);
            if (n % MALFORMED_EVERY == MALFORMED_EVERY - 1) {
                record = record.substring(0, record.length() - 1);
                sent.malformed.add((long) n);
            }
            sent.records.put((long) n, record);
            batch.add(record);
            bytes += record.length();
            if (batch.size() == MAX_BATCH
                    || bytes > MAX_BATCH_BYTES
                    || n == input.records().size() - 1) {
                if (put(door.client(), batch)) {
                    batch.forEach(accepted -> sent.acknowledged.add(number(accepted)));
                }
                done.addAndGet(batch.size());
                batch.clear();
                bytes = 0;
            }
        }
    }

    /** Never sent twice: without an answer they are there once or not at all. */
    private static boolean put(FirehoseClient client, List<String> batch) {
        try {
            List<byte[]> records =
                    batch.stream().map(r -> r.getBytes(StandardCharsets.UTF_8)).toList();
            return client.putRecordBatch("input", records).stream()
                    .allMatch(FirehoseClient.Entry::accepted);
        } catch (IOException noAnswer) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static long number(String record) {
        Matcher matcher = NUMBER.matcher(record);
        assertThat(matcher.find()).as(record).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    // --- comparison ---

    private void compare(LakeInput input, Sent sent, S3Bucket events, S3Bucket raw)
            throws Exception {
        events.download(folder.resolve("lake"));
        input.write(folder.resolve("sent.ndjson"));
        Set<Long> failed = once(errors(events), sent);
        Set<Long> kept = once(backup(raw), sent);

        try (DuckDb duck = new DuckDb()) {
            duck.execute(
                    ("CREATE TABLE sent AS SELECT *, (%s) AS fails FROM read_json('%s',"
                                    + " format='newline_delimited', columns=%s)")
                            .formatted(
                                    input.fails(),
                                    folder.resolve("sent.ndjson"),
                                    input.jsonColumns()));
            duck.execute("CREATE TABLE landed AS SELECT * FROM " + landed(input));

            // Every row that landed is a row that was sent, and no more often.
            assertThat(
                            duck.rows(
                                    "SELECT %s FROM landed EXCEPT ALL SELECT %s FROM sent WHERE NOT fails LIMIT 3"
                                            .formatted(input.landed(), input.sent())))
                    .isEmpty();

            // Everything that is in the backup is in exactly one of the two other places.
            Set<Long> unfit = new TreeSet<>(duck.numbers("SELECT n FROM sent WHERE fails"));
            unfit.addAll(sent.malformed);
            Set<Long> landed = new TreeSet<>(duck.numbers("SELECT n FROM landed"));
            assertThat(failed).isEqualTo(filtered(kept, unfit::contains));
            assertThat(landed).isEqualTo(filtered(kept, n -> !unfit.contains(n)));
            assertThat(kept).containsAll(sent.acknowledged);
            assertThat(sent.acknowledged.size()).isGreaterThan(input.records().size() / 2);
            System.out.printf(
                    "lake proof: sent=%d acknowledged=%d landed=%d error=%d objects=%d format=%s%n",
                    sent.records.size(),
                    sent.acknowledged.size(),
                    landed.size(),
                    failed.size(),
                    events.objects().size(),
                    format);
        }
    }

    /** All rows that landed, for DuckDB: it reads Parquet itself, and has ORC's as JSON. */
    private String landed(LakeInput input) throws IOException {
        Path main = folder.resolve("lake/main");
        return switch (format) {
            case PARQUET ->
                    "read_parquet('%s/**/*.parquet', hive_partitioning=false)".formatted(main);
            case ORC -> {
                Path rows = folder.resolve("landed.ndjson");
                OrcRows.write(main, rows);
                yield "read_json('%s', format='newline_delimited', columns=%s)"
                        .formatted(rows, input.landedColumns());
            }
        };
    }

    private static Set<Long> filtered(Set<Long> all, java.util.function.LongPredicate wanted) {
        return all.stream().filter(wanted::test).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The records' numbers; each record is there once, its bytes unchanged. */
    private static Set<Long> once(List<String> records, Sent sent) {
        Set<Long> numbers = new TreeSet<>();
        for (String record : records) {
            long number = number(record);
            assertThat(numbers.add(number)).as("twice: %s", record).isTrue();
            assertThat(record).isEqualTo(sent.records.get(number));
        }
        return numbers;
    }

    private static List<String> errors(S3Bucket events) throws IOException {
        List<String> records = new ArrayList<>();
        for (Map.Entry<String, byte[]> object : events.objects().entrySet()) {
            if (object.getKey().startsWith("errors/")) {
                for (String line : text(object.getValue()).split("\n")) {
                    records.add(text(JSON.readTree(line).path("rawData").binaryValue()));
                }
            }
        }
        return records;
    }

    private static List<String> backup(S3Bucket raw) throws IOException {
        List<String> records = new ArrayList<>();
        for (byte[] object : raw.objects().values()) {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(object))) {
                records.addAll(List.of(text(in.readAllBytes()).split("\n")));
            }
        }
        return records;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
