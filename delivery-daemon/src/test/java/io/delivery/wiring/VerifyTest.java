package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.http.FirehoseClient;
import io.delivery.loading.ConfigLoader;
import io.delivery.machine.SystemClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify} on what a service in this process has left, in a directory that is the lake. */
class VerifyTest {
    private static final String STRANGER =
            "clicks-1-2026-11-21-07-30-00-01234567-0123-4123-8123-0123456789ab";

    /** Filled once; every test has a copy. */
    @TempDir private static Path filled;

    @TempDir private Path folder;
    private Path config;

    @BeforeAll
    static void fill() throws Exception {
        Files.writeString(
                filled.resolve("delivery.yaml"),
                """
                server: {api: 127.0.0.1:0, admin: 127.0.0.1:0}
                dataDir: data
                limits: {memory: 128MB}
                stores: {lake: {directory: lake}}
                streams:
                  clicks:
                    split: json
                    partitioning: {query: '{k: .k}'}
                    buffer: {size: 64MB, interval: 60s}
                    destination:
                      bucket: events
                      prefix: clicks/k=!{partitionKeyFromQuery:k}/
                      errorPrefix: errors/!{firehose:error-output-type}/
                    backup: {bucket: raw, buffer: {size: 5MB, interval: 60s}}
                  idle: {destination: {bucket: events}}
                """);
        // Three incumbencies: two in the ledger, one in the state.
        for (int start = 0; start < 3; start++) {
            run(filled, start);
        }
    }

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> all = Files.walk(filled)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(filled.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        config = folder.resolve("delivery.yaml");
    }

    private static Service start(Path folder) throws Exception {
        ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);
        return Service.start(loader.load(folder.resolve("delivery.yaml")));
    }

    private static void run(Path folder, int start) throws Exception {
        try (Service service = start(folder)) {
            List<byte[]> records = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                records.add(
                        "{\"k\":\"%d\",\"n\":%d} {\"k\":\"x\"}"
                                .formatted(i % 3, 100 * start + i)
                                .getBytes(StandardCharsets.UTF_8));
            }
            records.add("no JSON".getBytes(StandardCharsets.UTF_8));
            new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                    .putRecordBatch("clicks", records);
            service.flush().get(30, TimeUnit.SECONDS);
        }
    }

    private ProgramRun verify(String... options) {
        List<String> arguments = new ArrayList<>(List.of("verify", "-c", config.toString()));
        arguments.addAll(List.of(options));
        return ProgramRun.of(Map.of(), arguments.toArray(String[]::new));
    }

    private Path anObject() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("lake/events/clicks"))) {
            return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
    }

    @Test
    void a_healthy_data_directory_is_equal_from_its_first_record_on() throws IOException {
        assertThat(folder.resolve("data/streams"))
                .isDirectoryRecursivelyContaining("glob:**/lanes/main-1/ledger/*.dl");
        Map<Path, FileTime> before = files();

        ProgramRun books = verify();
        ProgramRun store = verify("--store");
        ProgramRun read = verify("--read");

        assertThat(books.exitCode()).as(books.out() + books.err()).isZero();
        assertThat(books.out())
                .contains(
                        "main-1: accepted 63 + split 60 = landed 120 + dropped 0 + error output 3",
                        "3 ranges, 15 objects, 123 records",
                        "from the first record on",
                        "idle\n  has accepted nothing yet",
                        "the books are right; --store compares");
        assertThat(store.exitCode()).as(store.out() + store.err()).isZero();
        assertThat(store.out())
                .contains(
                        "lake:events: 15 keys, 15 of them named as this service names objects",
                        "15 landed objects looked at; 15 of the 15 keys that this service may have made are recorded",
                        "--read compares their bytes");
        assertThat(read.exitCode()).as(read.out() + read.err()).isZero();
        assertThat(read.out()).endsWith("everything is as it was recorded\n");
        assertThat(files()).as("only reads").isEqualTo(before);
    }

    private Map<Path, FileTime> files() throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void an_object_that_somebody_removed_is_told_by_seven() throws IOException {
        Path gone = anObject();
        Files.delete(gone);

        assertThat(verify().exitCode()).isZero();
        ProgramRun store = verify("--store");

        assertThat(store.exitCode()).isEqualTo(7);
        assertThat(store.out())
                .contains("missing clicks main-1, lake:events/clicks/k=0/" + gone.getFileName())
                .endsWith("missing: 1 object; everything else is as it was recorded\n");
        assertThat(verify("--store", "--prefix", "clicks/k=1/").exitCode()).isZero();
        assertThat(verify("--store", "--since", "2099-01-01").exitCode()).isZero();
        assertThat(verify("idle", "--store").exitCode()).isZero();
    }

    @Test
    void an_object_of_another_length_is_told_by_one() throws IOException {
        Files.writeString(anObject(), "x", StandardOpenOption.APPEND);

        ProgramRun store = verify("--store");

        assertThat(store.exitCode()).isEqualTo(1);
        assertThat(store.out()).contains("changed clicks main-1", "bytes, and", "1 changed");
    }

    @Test
    void an_object_with_other_bytes_of_the_same_length_is_told_when_it_is_read()
            throws IOException {
        Path object = anObject();
        byte[] bytes = Files.readAllBytes(object);
        bytes[0] ^= 1;
        Files.write(object, bytes);

        ProgramRun read = verify("--read");

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(read.out()).contains("holds bytes with the checksum");
    }

    @Test
    void a_missing_object_does_not_hide_a_changed_one() throws IOException {
        Files.delete(anObject());
        Files.writeString(anObject(), "other");

        assertThat(verify("--store").exitCode()).isEqualTo(1);
    }

    @Test
    void a_stranger_with_our_form_of_key_is_told_by_one_and_other_strangers_are_not_ours()
            throws IOException {
        Path events = folder.resolve("lake/events");
        Files.writeString(events.resolve("clicks/somebody.json"), "{}");
        assertThat(verify("--store").exitCode()).isZero();

        Files.writeString(events.resolve("clicks/" + STRANGER), "{}");
        ProgramRun store = verify("--store");

        assertThat(store.exitCode()).isEqualTo(1);
        assertThat(store.out())
                .contains(
                        "lake:events: 17 keys, 16 of them named as this service names objects",
                        "unknown clicks, lake:events/clicks/" + STRANGER);
    }

    @Test
    void an_object_from_before_the_stream_began_is_not_held_against_it() throws IOException {
        Path old = folder.resolve("lake/events/clicks/" + STRANGER);
        Files.writeString(old, "{}");
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));

        ProgramRun store = verify("--store");

        assertThat(store.exitCode()).as(store.out()).isZero();
        assertThat(store.out()).contains("1 older than the ledger goes back");
    }

    @Test
    void what_landed_and_is_not_in_an_older_state_is_unknown() throws Exception {
        Path state = only("main-1", "state");
        Path mark = state.getParent().getParent().resolveSibling("marks").resolve("main-1");
        byte[] older = Files.readAllBytes(state);
        byte[] olderMark = Files.readAllBytes(mark);
        run(folder, 3);
        Files.write(state, older);
        Files.write(mark, olderMark);

        ProgramRun store = verify("--store");

        assertThat(store.exitCode()).isEqualTo(1);
        assertThat(store.out()).contains("NOT as it was recorded: 5 unknown");
    }

    @Test
    void a_ledger_without_the_range_before_the_state_is_unbalanced() throws Exception {
        Path ledger = only("main-1", "ledger");
        byte[] bytes;
        Path file;
        try (Stream<Path> files = Files.list(ledger)) {
            file = files.findFirst().orElseThrow();
            bytes = Files.readAllBytes(file);
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));

        ProgramRun books = verify();

        assertThat(books.exitCode()).isEqualTo(1);
        assertThat(books.out()).contains("unbalanced clicks main-1").contains("does not follow on");
    }

    @Test
    void a_ledger_that_somebody_removed_is_told_by_one() throws Exception {
        Path ledger = only("main-1", "ledger");
        try (Stream<Path> files = Files.list(ledger)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }

        ProgramRun books = verify();

        assertThat(books.exitCode()).isEqualTo(1);
        assertThat(books.out())
                .contains("damaged clicks main-1, lanes/main-1/ledger: is gone")
                .contains("1 damaged");
    }

    private Path only(String lane, String name) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("data/streams"))) {
            return all.filter(path -> path.endsWith(Path.of("lanes", lane, name)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void programs_are_told_the_same_as_json() throws Exception {
        Files.delete(anObject());

        ProgramRun store = verify("--store", "--json");

        assertThat(store.exitCode()).isEqualTo(7);
        JsonNode report = new ObjectMapper().readTree(store.out());
        assertThat(report.path("result").asText()).isEqualTo("missing");
        JsonNode main = report.path("lanes").path(1);
        assertThat(main.path("lane").asText()).isEqualTo("main-1");
        assertThat(main.path("books").path("accepted").asInt()).isEqualTo(63);
        assertThat(main.path("speaksFrom").path("wholeHistory").asBoolean()).isTrue();
        assertThat(report.path("buckets").path(0).path("keysOfOurForm").asInt()).isEqualTo(14);
        assertThat(report.path("counts").path("missing").asInt()).isEqualTo(1);
        assertThat(report.path("findings").path(0).path("kind").asText()).isEqualTo("missing");
    }

    @Test
    void a_service_that_runs_is_no_hindrance() throws Exception {
        try (Service service = start(folder)) {
            assertThat(verify("--read").exitCode()).isZero();
            assertThat(service.status()).isNotEmpty();
        }
    }

    @Test
    void what_cannot_be_verified_is_told_by_codes_of_its_own() throws IOException {
        assertThat(verify("nobody").exitCode()).isEqualTo(9);
        assertThat(verify("nobody").err()).contains("there is no stream nobody");
        assertThat(verify("--since", "1h").err()).contains("add --store");
        assertThat(verify("--store", "--since", "yesterday").err())
                .contains("--since must be how long ago (90m, 24h, 7d)");
        assertThat(verify("--store", "--since", "yesterday").exitCode()).isEqualTo(2);

        Files.writeString(
                config, Files.readString(config).replace("dataDir: data", "dataDir: elsewhere"));
        assertThat(verify().exitCode()).isEqualTo(4);
        assertThat(verify().err()).contains("there is no data directory");
        Files.writeString(config, "streams: 7\ndataDir: %s\n".formatted(folder.resolve("data")));
        assertThat(verify().exitCode()).as("the books are in the data directory").isZero();
        assertThat(verify("--store").exitCode()).isEqualTo(3);
        assertThat(verify("nobody").exitCode()).isEqualTo(3);
        Files.writeString(config, "dataDir: ''\n");
        assertThat(verify().exitCode()).isEqualTo(3);
    }
}
