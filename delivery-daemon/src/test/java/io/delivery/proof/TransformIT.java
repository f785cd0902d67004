package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.ApiException;
import io.delivery.api.http.FirehoseClient;
import io.delivery.machine.SystemClock;
import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.S3Bucket;
import io.delivery.testkit.servers.S3Server;
import io.delivery.wiring.ClassArchive;
import io.delivery.wiring.ProofParts;
import io.delivery.wiring.Python;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lines of CSV pass two built-in processors and a Python function whose answers are others in each
 * of its processes; they become Parquet in partitions that the function names. On the way the
 * service is killed with SIGKILL twice, and gets another function while records come.
 */
class TransformIT {
    private static final int BATCH = 40;
    private static final int BATCHES_OF_A_LIFE = 25;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Each process draws another fate for a record, and notes which records it has seen. */
    private static final String FUNCTION =
            """
            import base64
            import json
            import os

            VERSION = %d
            PROCESS = os.getpid()
            SEEN = open(os.path.join(os.environ["SEEN"], str(PROCESS)), "a")

            def fate(n):
                return (n * 7919 + PROCESS * 104729) %% 100

            def handler(event, context):
                answers = []
                for record in event["records"]:
                    row = json.loads(base64.b64decode(record["data"]))
                    n = row["n"]
                    print(n, file=SEEN, flush=True)
                    drawn = fate(n)
                    answer = {"recordId": record["recordId"], "result": "Ok"}
                    if drawn < 8:
                        answer["result"] = "Dropped"
                    elif drawn < 14:
                        answer["result"] = "ProcessingFailed"
                    elif drawn < 18:
                        continue
                    row["version"] = "none" if drawn < 22 else VERSION
                    answer["data"] = base64.b64encode(json.dumps(row).encode()).decode()
                    if drawn < 90:
                        answer["metadata"] = {"partitionKeys": {"customer": row["customer"]}}
                    answers.append(answer)
                return {"records": answers}
            """;

    @TempDir private Path folder;

    private final Set<Long> sent = new TreeSet<>();
    private final Set<Long> acknowledged = new TreeSet<>();
    private long next;

    @Test
    void nothing_is_lost_or_doubled_in_a_directory_whatever_the_function_answers_next_time()
            throws Exception {
        prove(ProofParts.directory(folder.resolve("lake"), "proof", ""));
    }

    @Test
    void nothing_is_lost_or_doubled_in_minio_whatever_the_function_answers_next_time()
            throws Exception {
        LongProof.assumeAskedFor();
        assumeTrue(MinioServer.missing().isEmpty(), () -> MinioServer.missing().orElse(""));
        try (S3Server server = MinioServer.start();
                S3Bucket bucket = S3Bucket.create(server, "proof")) {
            prove(ServerStores.store(server, bucket.name(), "lake/"));
        }
    }

    private void prove(ProofStore store) throws Exception {
        Python.assume();
        Path seen = Files.createDirectories(folder.resolve("seen"));
        Path config = configuration(store, seen);
        writeFunction(1);

        try (DaemonProcess daemon = start(store, config)) {
            putUntilKilled(daemon, seen);
        }
        try (DaemonProcess daemon = start(store, config)) {
            putSome(daemon, BATCHES_OF_A_LIFE);
            daemon.flush("orders"); // what the first version made lands, however fast all this is
            putSome(daemon, BATCHES_OF_A_LIFE);
            writeFunction(2);
            hangUp(daemon);
            putSome(daemon, BATCHES_OF_A_LIFE);
            daemon.awaitLog("SIGHUP: configuration in force: streams=1");
            putUntilKilled(daemon, seen);
        }
        try (Lake lake = store.lake();
                DaemonProcess daemon = start(store, config)) {
            putSome(daemon, BATCHES_OF_A_LIFE);
            daemon.flush("orders");

            assertEachRecordIsInOnePlace(lake, store.prefix(), daemon);
        }
        assertSomeWereAnsweredTwiceAndDifferently(seen);
    }

    private Path configuration(ProofStore store, Path seen) throws IOException {
        Path table = folder.resolve("schemas/shop/orders.yaml");
        Files.createDirectories(table.getParent());
        Files.writeString(
                table,
                """
                columns:
                  - {name: n, type: bigint}
                  - {name: customer, type: string}
                  - {name: amount, type: double}
                  - {name: version, type: int}
                """);
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                limits: {memory: 128MB}
                stores: {lake: %1$s}
                catalogs: {main: {file: schemas}}
                functions:
                  enrich:
                    runtime: python
                    code: enrich
                    handler: enrich.handler
                    environment: {SEEN: '%4$s'}
                    timeout: 20s
                streams:
                  orders:
                    buffer: {size: 1MB, interval: 2s, lowLatency: true}
                    processors:
                    - csv: {columns: [n, customer, amount]}
                    - jq: '.n |= tonumber | .amount |= tonumber'
                    - lambda: {function: enrich, retries: 1, buffer: {size: 205KB, interval: 0s}}
                    partitioning: {}
                    format: {parquet: {}, schema: {table: shop.orders}}
                    destination:
                      bucket: %2$s
                      prefix: %3$srows/customer=!{partitionKeyFromLambda:customer}/
                      errorPrefix: %3$serrors/!{firehose:error-output-type}/
                    backup:
                      bucket: %2$s
                      prefix: %3$sraw/
                      delimiter: lines
                      buffer: {size: 1MB, interval: 2s, lowLatency: true}
                """
                        .formatted(store.settings(), store.bucket(), store.prefix(), seen));
    }

    private void writeFunction(int version) throws IOException {
        Path code = Files.createDirectories(folder.resolve("enrich"));
        Files.writeString(code.resolve("enrich.py"), FUNCTION.formatted(version));
    }

    private static DaemonProcess start(ProofStore store, Path config) throws IOException {
        Map<String, String> environment = new HashMap<>(store.environment());
        store.endpoint().ifPresent(uri -> environment.put(ProofStore.ENDPOINT, uri.toString()));
        return DaemonProcess.start(ClassArchive.program().withEnvironment(environment), config);
    }

    private static void hangUp(DaemonProcess daemon) throws Exception {
        Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(daemon.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    // --- load ---

    /** Every eighth is no number, every ninth has a field too few. */
    private String line() {
        long n = next++;
        sent.add(n);
        String customer = "c" + n % 3;
        if (n % 9 == 0) {
            return "%d,%s".formatted(n, customer);
        }
        return "%d,%s,%s".formatted(n, customer, n % 8 == 0 ? "much" : n + ".5");
    }

    private void putSome(DaemonProcess daemon, int batches) throws Exception {
        FirehoseClient client =
                new FirehoseClient(daemon.api(), Optional.empty(), new SystemClock());
        for (int i = 0; i < batches; i++) {
            put(client);
        }
    }

    /** A batch of unknown fate is not sent again: a second copy would be a record of its own. */
    private boolean put(FirehoseClient client) throws InterruptedException {
        long first = next;
        List<byte[]> records =
                IntStream.range(0, BATCH)
                        .mapToObj(i -> line().getBytes(StandardCharsets.UTF_8))
                        .toList();
        try {
            assertThat(client.putRecordBatch("orders", records))
                    .allMatch(FirehoseClient.Entry::accepted);
        } catch (IOException | ApiException unknown) {
            return false;
        }
        for (long n = first; n < next; n++) {
            acknowledged.add(n);
        }
        return true;
    }

    /** The kill comes while the function has seen records that are in no object yet. */
    private void putUntilKilled(DaemonProcess daemon, Path seen) throws Exception {
        FirehoseClient client =
                new FirehoseClient(daemon.api(), Optional.empty(), new SystemClock());
        long before = seenBy(seen).values().stream().mapToLong(Set::size).sum();
        Thread killer =
                new Thread(
                        () -> {
                            try {
                                daemon.kill();
                            } catch (InterruptedException interrupted) {
                                Thread.currentThread().interrupt();
                            }
                        });
        int batches = 0;
        boolean killing = false;
        while (put(client)) {
            batches++;
            long now = seenBy(seen).values().stream().mapToLong(Set::size).sum();
            if (!killing && batches >= BATCHES_OF_A_LIFE && now > before) {
                killing = true;
                killer.start();
            }
        }
        killer.join(TimeUnit.MINUTES.toMillis(1));
        assertThat(killing)
                .as("the service was killed, and did not fail: %s", daemon.log())
                .isTrue();
    }

    // --- what became of them ---

    private void assertEachRecordIsInOnePlace(Lake lake, String prefix, DaemonProcess daemon)
            throws Exception {
        List<Long> rows = rows(lake, prefix);
        Map<String, List<Long>> errors = errors(lake, prefix);
        List<Long> failed = errors.values().stream().flatMap(List::stream).toList();
        List<Long> raw =
                lines(lake, prefix + "raw/").stream().map(TransformIT::numberOfLine).toList();

        assertThat(rows).doesNotHaveDuplicates().isNotEmpty();
        assertThat(failed).doesNotHaveDuplicates();
        assertThat(raw).doesNotHaveDuplicates();
        Set<Long> settled = new HashSet<>(rows);
        failed.forEach(
                n -> assertThat(settled.add(n)).as("record %d is in two places", n).isTrue());
        Set<Long> accepted = new HashSet<>(raw);
        assertThat(accepted).containsAll(acknowledged).containsAll(settled);
        assertThat(sent).containsAll(accepted);
        Set<Long> dropped = new TreeSet<>(accepted);
        dropped.removeAll(settled);
        JsonNode books = daemon.books("orders", 0);
        assertThat(books.path("balanced").asBoolean()).isTrue();
        assertThat(books.path("accepted").asLong()).isEqualTo(accepted.size());
        assertThat(books.path("landed").asLong()).isEqualTo(rows.size());
        assertThat(books.path("errorOutput").asLong()).isEqualTo(failed.size());
        assertThat(books.path("dropped").asLong()).isEqualTo(dropped.size()).isPositive();
        assertThat(accepted.stream().filter(n -> n % 9 == 0 || n % 8 == 0))
                .as("what is no order is in the error output, whoever processed it")
                .allMatch(new HashSet<>(failed)::contains);
        assertThat(errors.keySet())
                .contains(
                        "Lambda.ProcessingFailedStatus",
                        "Lambda.MissingRecordId",
                        "DynamicPartitioning.MetadataExtractionFailed",
                        "DataFormatConversion.MalformedData");
    }

    private List<Long> rows(Lake lake, String prefix) throws Exception {
        Path copies = Files.createDirectories(folder.resolve("copies"));
        Set<String> partitions = new TreeSet<>();
        int count = 0;
        for (String key : lake.list(prefix + "rows/").keySet()) {
            partitions.add(key.substring(prefix.length()).split("/")[1]);
            Files.write(copies.resolve(count++ + ".parquet"), lake.read(key).orElseThrow());
        }
        assertThat(partitions).containsExactly("customer=c0", "customer=c1", "customer=c2");
        String table = "read_parquet('%s/*.parquet')".formatted(copies);
        try (DuckDb duckDb = new DuckDb()) {
            assertThat(duckDb.rows("SELECT DISTINCT version FROM " + table + " ORDER BY 1"))
                    .containsExactly("1", "2");
            return duckDb.numbers("SELECT n FROM " + table);
        }
    }

    /** The numbers of the records that failed, by code. Their bytes are those that were put. */
    private static Map<String, List<Long>> errors(Lake lake, String prefix) throws IOException {
        Map<String, List<Long>> errors = new TreeMap<>();
        for (String text : lines(lake, prefix + "errors/")) {
            JsonNode line = JSON.readTree(text);
            String code = line.path("errorCode").asText(line.path("lastErrorCode").asText());
            byte[] raw = Base64.getDecoder().decode(line.path("rawData").asText());
            long n = numberOf(new String(raw, StandardCharsets.UTF_8));
            errors.computeIfAbsent(code, same -> new ArrayList<>()).add(n);
            if (code.startsWith("Lambda.")) {
                assertThat(line.path("lambdaARN").asText())
                        .isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:enrich");
            }
        }
        return errors;
    }

    /** Records that did not convert are as the function made them. */
    private static long numberOf(String record) throws IOException {
        return record.startsWith("{")
                ? JSON.readTree(record).path("n").asLong()
                : numberOfLine(record);
    }

    private static long numberOfLine(String line) {
        return Long.parseLong(line.substring(0, line.indexOf(',')));
    }

    private static List<String> lines(Lake lake, String prefix) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String key : lake.list(prefix).keySet()) {
            String object = new String(lake.read(key).orElseThrow(), StandardCharsets.UTF_8);
            object.lines().forEach(lines::add);
        }
        return lines;
    }

    // --- what the function saw ---

    private static Map<Long, Set<Long>> seenBy(Path seen) throws IOException {
        Map<Long, Set<Long>> byProcess = new HashMap<>();
        try (Stream<Path> files = Files.list(seen)) {
            for (Path file : files.toList()) {
                Set<Long> numbers = new HashSet<>();
                for (String line : Files.readString(file).split("\n")) {
                    if (line.matches("\\d+")) {
                        numbers.add(Long.valueOf(line));
                    }
                }
                byProcess.put(Long.valueOf(file.getFileName().toString()), numbers);
            }
        }
        return byProcess;
    }

    /** Otherwise the test has shown nothing of it. */
    private static void assertSomeWereAnsweredTwiceAndDifferently(Path seen) throws IOException {
        Map<Long, Set<String>> fates = new HashMap<>();
        seenBy(seen)
                .forEach(
                        (process, numbers) ->
                                numbers.forEach(
                                        n ->
                                                fates.computeIfAbsent(n, same -> new HashSet<>())
                                                        .add(fate(n, process))));
        assertThat(fates.values()).anyMatch(drawn -> drawn.size() > 1);
    }

    private static String fate(long n, long process) {
        long drawn = (n * 7919 + process * 104729) % 100;
        return drawn < 8 ? "dropped" : drawn < 18 ? "failed" : "ok";
    }
}
