package io.delivery.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.wiring.ProgramRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service, and objects that its folder of a lake does not take. */
class StuckObjectsTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    private static final String NO_BUCKETS =
            """
            stores: {local: {directory: lake, createBuckets: false}}
            streams:
              orders:
                destination: {bucket: b}
            """;

    private static final String PARTITIONED =
            """
            stores: {local: {directory: lake}}
            streams:
              orders:
                partitioning: {query: '{k: .k}'}
                buffer: {size: 64MB}
                destination:
                  bucket: b
                  prefix: 'p/!{partitionKeyFromQuery:k}/'
                  errorPrefix: 'e/!{firehose:error-output-type}/'
            """;

    @TempDir private Path folder;
    private RunningService service;

    @AfterEach
    void stop() {
        service.close();
    }

    private void put(String... records) throws Exception {
        service.put(
                "orders",
                Arrays.stream(records).map(r -> r.getBytes(StandardCharsets.UTF_8)).toList());
    }

    private void putWithoutABucket(String record) throws Exception {
        service = RunningService.start(folder, NO_BUCKETS);
        put(record);
        stuck();
    }

    /** What was accepted has nowhere to go. */
    private void stuck() {
        service.flushLater("orders");
        await().atMost(LONG_ENOUGH).until(() -> !service.status("orders").healthy());
    }

    private ProgramRun program(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--admin", service.adminUri().toString()));
        return ProgramRun.of(Map.of(), all.toArray(String[]::new));
    }

    private void settled(long landed, long errors) {
        await().atMost(LONG_ENOUGH)
                .untilAsserted(
                        () -> {
                            assertThat(service.books("orders").settled()).isTrue();
                            assertThat(service.status("orders").troubles()).isEmpty();
                        });
        assertThat(service.books("orders").landed()).isEqualTo(landed);
        assertThat(service.books("orders").errorOutput()).isEqualTo(errors);
        assertThat(service.books("orders").balanced()).isTrue();
    }

    @Test
    void a_value_that_makes_a_key_which_no_folder_takes_fails_alone() throws Exception {
        Files.createDirectories(folder.resolve("lake/b/p"));
        Files.writeString(folder.resolve("lake/b/p/taken"), "somebody else's object");
        service = RunningService.start(folder, PARTITIONED);
        put(
                "{\"k\":\"good\"}",
                "{\"k\":\"taken\"}",
                "{\"k\":\"taken/deeper\"}",
                "{\"k\":\"%s\"}".formatted("n".repeat(256)));

        service.flush("orders");

        settled(1, 3);
        assertThat(service.keys("b", "p/")).hasSize(2).contains("p/taken");
        StringBuilder lines = new StringBuilder();
        for (String key : service.keys("b", "e/processing-failed/")) {
            lines.append(Files.readString(service.object("b", key)));
        }
        assertThat(lines.toString().lines())
                .hasSize(3)
                .filteredOn(line -> line.contains("\"errorCode\":\"Delivery.KeyRefused\""))
                .hasSize(2)
                .allMatch(line -> line.contains("KeyBelowObject") && !line.contains("redirect"));
        assertThat(Files.readString(folder.resolve("lake/b/p/taken")))
                .isEqualTo("somebody else's object");
    }

    @Test
    void a_file_where_the_prefix_needs_a_folder_turns_no_good_record_into_an_error()
            throws Exception {
        Files.createDirectories(folder.resolve("lake/b"));
        Files.writeString(folder.resolve("lake/b/p"), "somebody else's object");
        service = RunningService.start(folder, PARTITIONED);
        put("{\"k\":\"one\"}", "{\"k\":\"two\"}");
        stuck();
        assertThat(service.status("orders").troubles())
                .anyMatch(trouble -> trouble.contains("KeyBelowObject"));

        Files.move(folder.resolve("lake/b/p"), folder.resolve("lake/b/moved"));
        service.flush("orders");

        settled(2, 0);
        assertThat(service.keys("b", "p/")).hasSize(2);
    }

    @Test
    void an_object_for_a_bucket_that_never_comes_is_redirected_to_another() throws Exception {
        putWithoutABucket("one");
        Files.createDirectories(folder.resolve("lake/other"));

        ProgramRun run =
                program("redirect", "orders", "--bucket", "b", "--to", "local/other/saved");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("(1 record): lands as local/other/saved/")
                .endsWith("1 object with 1 record redirected\n");
        settled(1, 0);
        assertThat(service.keys("other", "saved/")).hasSize(1);
        assertThat(folder.resolve("lake/b")).doesNotExist();
    }

    @Test
    void an_object_is_skipped_and_so_is_its_error_output_into_a_local_folder() throws Exception {
        putWithoutABucket("one");
        ProgramRun first = program("skip", "orders", "--bucket", "b");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).endsWith("1 object with 1 record skipped into the error output\n");
        await().atMost(LONG_ENOUGH)
                .until(
                        () ->
                                service.status("orders").troubles().stream()
                                        .anyMatch(t -> t.contains("processing-failed")));

        ProgramRun unconfirmed = program("skip", "orders", "--bucket", "b");
        assertThat(unconfirmed.exitCode()).isEqualTo(1);
        assertThat(unconfirmed.err()).contains("--yes");
        ProgramRun confirmed = program("skip", "orders", "--bucket", "b", "--yes");

        assertThat(confirmed.exitCode()).as(confirmed.err()).isZero();
        assertThat(confirmed.out())
                .endsWith("1 object with 1 record skipped into the local folder\n");
        settled(0, 1);
        try (Stream<Path> files = Files.walk(folder.resolve("data/skipped"))) {
            assertThat(files.filter(Files::isRegularFile).toList())
                    .singleElement()
                    .satisfies(
                            file ->
                                    assertThat(Files.readString(file))
                                            .contains("Delivery.Skipped")
                                            .contains("b25l")); // one
        }
    }

    @Test
    void what_cannot_be_led_elsewhere_is_told_and_nothing_changes() throws Exception {
        putWithoutABucket("one");

        assertRefused(9, "There is no stream nosuch", "nosuch", "--bucket", "b", "--to", "c");
        assertRefused(1, "that waits to land", "orders", "--object", "nosuch", "--to", "c");
        assertRefused(1, "that waits to land", "orders", "--bucket", "c", "--to", "d");
        assertRefused(1, "neither a configured store", "orders", "--bucket", "b", "--to", "s9/c");
        ProgramRun same = program("redirect", "orders", "--bucket", "b", "--to", "b");
        assertThat(same.exitCode()).isEqualTo(1);
        assertThat(same.out()).contains("NOT CHANGED, that is where it is to land now");
        ProgramRun impossible =
                program("redirect", "orders", "--bucket", "b", "--to", "local/c/../d");
        assertThat(impossible.exitCode()).isEqualTo(1);
        assertThat(impossible.out()).contains("NOT CHANGED, InvalidKey");

        Files.createDirectories(folder.resolve("lake/b"));
        service.flush("orders");
        settled(1, 0);
        assertThat(service.keys("b", "")).hasSize(1);
    }

    private void assertRefused(int exitCode, String reason, String... arguments)
            throws IOException {
        List<String> all = new ArrayList<>(List.of("redirect"));
        all.addAll(List.of(arguments));
        ProgramRun run = program(all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.out()).isEqualTo(exitCode);
        assertThat(run.err()).contains(reason);
    }
}
