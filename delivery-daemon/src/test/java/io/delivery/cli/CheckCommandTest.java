package io.delivery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.config.FunctionSettings;
import io.delivery.landing.StoreProbe;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import io.delivery.loading.LocatedProblem;
import io.delivery.loading.ObjectBytes;
import io.delivery.machine.FileDisk;
import io.delivery.world.Disk;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckCommandTest {
    private static final long NOBODY_KNOWS = -1;

    private static final String GOOD =
            """
            stores: {local: {directory: lake}}
            streams:
              notes: {format: {raw: {delimiter: lines}}, destination: {bucket: b}}
            """;
    private static final StoreProbes NO_PROBES =
            store -> {
                throw new IOException("no store here");
            };

    @TempDir Path folder;
    private final List<String> probed = new ArrayList<>();

    @Test
    void a_right_file_is_ok_and_the_memory_is_divided() throws Exception {
        CommandRun run = check(NO_PROBES, roomy(), CommandRun.file(folder, GOOD));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out())
                .isEqualTo(
                        """
                        limits.memory: requests 64 MB, buffers 102.4 MB, encoding 64 MB, uploads 25.6 MB
                        streams.notes: objects of up to 5 MB of records
                        %s: OK, 1 stream, 1 store, 0 catalogs
                        """
                                .formatted(folder.resolve("delivery.yaml")));
    }

    @Test
    void size_hints_that_the_limits_do_not_allow_are_told_with_what_would_allow_them()
            throws Exception {
        String file =
                CommandRun.file(
                        folder,
                        GOOD.replace("{format", "{buffer: {size: 128MB, interval: 900s}, format")
                                + "limits: {disk: 128MB}\n");

        CommandRun run = check(NO_PROBES, roomy(), file);

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out())
                .contains(
                        "hint: streams.notes.buffer.size: objects of 128 MB are not reached, they end at 23 MB; limits.disk: 628MB would reach them\n")
                .contains("\nstreams.notes: objects of up to 23 MB of records\n");
        CommandRun enough =
                check(
                        NO_PROBES,
                        roomy(),
                        CommandRun.file(
                                folder,
                                Files.readString(Path.of(file)).replace("128MB}\n", "628MB}\n")));
        assertThat(enough.out())
                .doesNotContain("hint")
                .contains("\nstreams.notes: objects of up to 128 MB of records\n");
    }

    @Test
    void a_partitioned_stream_shows_how_many_partitions_reach_the_size_of_its_objects()
            throws Exception {
        String partitioned =
                """
                stores: {s: {s3: {}}}
                limits: {disk: %s}
                streams:
                  notes:
                    buffer: {size: 64MB}
                    partitioning: {query: '{k}'}
                    destination: {bucket: lake, prefix: '!{partitionKeyFromQuery:k}/', errorPrefix: e/}
                """;

        CommandRun small =
                check(NO_PROBES, roomy(), CommandRun.file(folder, partitioned.formatted("400MB")));
        CommandRun large =
                check(NO_PROBES, roomy(), CommandRun.file(folder, partitioned.formatted("2GB")));

        assertThat(small.out())
                .containsPattern(
                        "streams.notes: objects of up to 64 MB of records where all go to one"
                                + " partition; with more partitions they are smaller: all open"
                                + " objects together hold up to \\d+ MB, of records of 256 bytes\n");
        assertThat(large.out())
                .containsPattern(
                        "streams.notes: objects of up to 64 MB of records in each of \\d+ partitions"
                                + " that get equally many; with more partitions they are smaller");
    }

    @Test
    void raw_records_without_a_delimiter_are_no_hint_where_a_function_may_end_them()
            throws Exception {
        String file =
                CommandRun.file(
                        folder,
                        """
                        functions: {f: {endpoint: 'http://localhost:9/f'}}
                        stores: {s: {s3: {}}}
                        streams:
                          notes: {processors: [{lambda: {function: f}}], destination: {bucket: lake}}
                        """);

        assertThat(check(NO_PROBES, roomy(), file).out())
                .contains("OK, 1 stream")
                .doesNotContain("hint: streams.notes.format");
    }

    @Test
    void a_wrong_file_is_a_finding_with_every_problem() throws Exception {
        String file =
                CommandRun.file(folder, GOOD.replace("lines", "lins") + "limits: {disk: 1}\n");

        CommandRun run = check(NO_PROBES, roomy(), "--config", file);

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.out())
                .isEqualTo(
                        """
                        %1$s:3 streams.notes.format.raw.delimiter: must be one of none, newline, lines, was lins; did you mean lines?
                        %1$s:4 limits.disk: needs a unit, was 1; did you mean 1GB?
                        %1$s: 2 problems
                        """
                                .formatted(file));
    }

    @Test
    void what_run_would_not_read_is_a_finding() throws Exception {
        LocatedProblem wrong = new LocatedProblem("db/t.yaml", 3, "columns[0].type", "no type");
        String file = CommandRun.file(folder, GOOD);

        CommandRun run = check((loaded, at, online) -> foreseen(wrong), NO_PROBES, roomy(), file);

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.out())
                .isEqualTo("db/t.yaml:3 columns[0].type: no type\n%s: 1 problem\n".formatted(file));
    }

    @Test
    void what_is_allowed_and_probably_not_meant_is_a_hint() throws Exception {
        String file =
                CommandRun.file(
                        folder,
                        """
                        stores: {s: {s3: {}}}
                        streams:
                          notes:
                            destination: {bucket: lake, prefix: /a//b}
                        """);

        CommandRun run = check(NO_PROBES, roomy(), file);

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out())
                .contains(
                        "hint: streams.notes.format.raw.delimiter: nothing stands between records",
                        "hint: streams.notes.destination.prefix: begins with /",
                        "hint: streams.notes.destination.prefix: contains //",
                        "hint: streams.notes.destination.prefix: does not end in /");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "folder | b         | /logs/      | prefix: begins with /",
                "folder | b         | logs//x/    | prefix: contains //",
                "folder | b         | a/../b/     | prefix:",
                "folder | b         | ./a/        | prefix:",
                "s3     | My_Bucket | logs/       | bucket: S3 takes 3 to 63 lower-case letters",
                "s3     | ab        | logs/       | bucket: S3 takes 3 to 63",
                "s3     | Upper     | logs/       | bucket: S3 takes 3 to 63",
                "s3     | ends-     | logs/       | bucket: S3 takes 3 to 63",
                "s3     | two..dots | logs/       | bucket: S3 takes no two dots",
                "s3     | 10.0.0.7  | logs/       | bucket: S3 takes no name that looks like an address",
            })
    void names_that_the_kind_of_store_refuses_are_problems_of_destination_and_backup(
            String store, String bucket, String prefix, String message) throws Exception {
        String text =
                """
                stores: {folder: {directory: lake, default: true}, s3: {s3: {}}}
                streams:
                  notes:
                    destination: {store: %s, bucket: %s, prefix: %s}
                    backup: {store: %s, bucket: %s, prefix: %s}
                """
                        .formatted(store, bucket, prefix, store, bucket, prefix);

        CommandRun run = check(NO_PROBES, roomy(), CommandRun.file(folder, text));

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.out())
                .contains("streams.notes.destination." + message)
                .contains("streams.notes.backup." + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "folder | Any_Name1 | a.b/..c/ | ''",
                "s3     | lake      | /logs//  | ''",
                "s3     | a.b-c     | logs/    | errors/",
                "folder | b         | a/       | 'e/!{firehose:error-output-type}/'",
            })
    void names_that_the_kind_of_store_takes_are_right(
            String store, String bucket, String prefix, String errorPrefix) throws Exception {
        String text =
                """
                stores: {folder: {directory: lake, default: true}, s3: {s3: {}}}
                streams:
                  notes:
                    destination: {store: %s, bucket: %s, prefix: %s, errorPrefix: '%s'}
                """
                        .formatted(store, bucket, prefix, errorPrefix);

        assertThat(check(NO_PROBES, roomy(), CommandRun.file(folder, text)).exitCode())
                .isEqualTo(ExitCodes.DONE);
    }

    @Test
    void letters_of_a_date_that_are_not_meant_are_hints_in_every_prefix() throws Exception {
        String file =
                CommandRun.file(
                        folder,
                        """
                        stores: {local: {directory: lake}}
                        streams:
                          notes:
                            destination:
                              bucket: b
                              prefix: '!{timestamp:YYYY/MM}/'
                              errorPrefix: 'e/!{firehose:error-output-type}/!{timestamp:yyyy/MM/DD}/'
                            backup: {bucket: b, prefix: '!{timestamp:yyyy/MM/dd/hh}/'}
                        """);

        CommandRun run = check(NO_PROBES, roomy(), file);

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(run.out())
                .contains(
                        "hint: streams.notes.destination.prefix: YYYY is the year of the week",
                        "hint: streams.notes.destination.errorPrefix: DD is the day of the year",
                        "hint: streams.notes.backup.prefix: hh is the hour of half a day");
    }

    @Test
    void letters_of_a_timestamp_format_that_mean_something_else_are_named() throws Exception {
        String file =
                CommandRun.file(
                        folder,
                        """
                        stores: {local: {directory: lake}}
                        catalogs: {main: {file: schemas}}
                        streams:
                          notes:
                            format:
                              parquet: {}
                              schema: {catalog: main, table: lake.notes}
                              serde:
                                hive:
                                  timestampFormats:
                                    - millis
                                    - yyyy-MM-dd hh:mm
                                    - YYYY-MM-DD
                                    - yyyy-MM-dd'T'HH:mm:ss
                            destination: {bucket: b, errorPrefix: e/}
                        """);

        CommandRun run = check(NO_PROBES, roomy(), file);

        String path = "hint: streams.notes.format.serde.hive.timestampFormats: ";
        assertThat(run.out().lines().filter(line -> line.startsWith(path)))
                .as(run.out())
                .satisfiesExactly(
                        hour ->
                                assertThat(hour)
                                        .contains("hh is the hour of half a day", "write HH")
                                        .endsWith("was yyyy-MM-dd hh:mm"),
                        day ->
                                assertThat(day)
                                        .contains("DD is the day of the year", "write dd")
                                        .endsWith("was YYYY-MM-DD"));
    }

    @Test
    void limits_that_this_machine_does_not_have_are_named_with_both_numbers() throws Exception {
        CommandRun run =
                check(NO_PROBES, machine(400L << 20, 5L << 30), CommandRun.file(folder, GOOD));

        assertThat(run.out())
                .contains(
                        "hint: limits.disk: is 10 GB, with the 2 GB of limits.ledger more than the"
                                + " 5 GB there is room for under dataDir");
    }

    @Test
    void a_heap_that_does_not_fit_into_the_container_is_named_with_all_that_is_beside_it()
            throws Exception {
        String file =
                CommandRun.file(
                        folder,
                        """
                        stores: {local: {directory: lake}}
                        functions: {enrich: {runtime: python, handler: a.b, code: code, memory: 128MB, concurrency: 2}}
                        """);
        OptionalLong memory = OptionalLong.of(1L << 30);

        CommandRun small = check(NO_PROBES, machine(576L << 20, 1L << 40, memory), file);
        CommandRun large = check(NO_PROBES, machine(577L << 20, 1L << 40, memory), file);

        assertThat(small.out()).doesNotContain("hint: limits.memory");
        assertThat(large.out())
                .contains(
                        "hint: limits.memory: the heap of 577 MB, 192 MB beside it and 256 MB for"
                                + " functions come to 1 GB, more than the 1 GB of this machine or"
                                + " container");
    }

    @Test
    void this_machine_tells_its_memory() {
        assertThat(HostResources.local(new FileDisk()).memoryBytes().getAsLong())
                .isGreaterThan(Runtime.getRuntime().totalMemory());
    }

    @Test
    void where_the_file_system_does_not_tell_its_room_no_hint_is_given() throws Exception {
        CommandRun run =
                check(NO_PROBES, machine(1L << 30, NOBODY_KNOWS), CommandRun.file(folder, GOOD));

        assertThat(run.out()).doesNotContain("hint: limits.disk");
    }

    @Test
    void the_room_for_a_folder_is_what_the_disk_says_and_what_the_folder_holds() throws Exception {
        HostResources machine = HostResources.local(new FileDisk());
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.write(data.resolve("file"), new byte[123]);
        long[] usable = {7};
        Disk disk =
                (Disk)
                        Proxy.newProxyInstance(
                                Disk.class.getClassLoader(),
                                new Class<?>[] {Disk.class},
                                (proxy, method, arguments) -> {
                                    assertThat(method.getName()).isEqualTo("usableBytes");
                                    return usable[0] < 0
                                            ? OptionalLong.empty()
                                            : OptionalLong.of(usable[0]);
                                });

        assertThat(machine.roomFor(folder.resolve("not/yet")).getAsLong()).isPositive();
        assertThat(HostResources.local(disk).roomFor(data)).hasValue(130);
        usable[0] = -1;
        assertThat(HostResources.local(disk).roomFor(data)).isEmpty();
    }

    @Test
    void online_tries_each_bucket_once_where_the_stream_may_write() throws Exception {
        String file =
                CommandRun.file(
                        folder,
                        """
                        stores: {local: {directory: lake}}
                        streams:
                          a: {destination: {bucket: b, prefix: 'a/!{timestamp:yyyy}/', errorPrefix: e/}}
                          c: {destination: {bucket: b}, backup: {bucket: raw}}
                        """);

        CommandRun run =
                check(
                        store ->
                                probe(
                                        new Finding(Verdict.HONOURED, "a small put", "stored", ""),
                                        new Finding(
                                                Verdict.IGNORED,
                                                "second put under the condition",
                                                "overwritten",
                                                "conditionalWrites: never")),
                        roomy(),
                        "--online",
                        file);

        assertThat(run.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(probed).containsExactly("b a/", "raw ");
        assertThat(run.out())
                .contains(
                        "local/b\n  honoured  a small put: stored\n",
                        "  ignored   second put under the condition: overwritten;"
                                + " conditionalWrites: never\n");
    }

    @Test
    void online_finds_a_store_that_refuses_and_one_that_cannot_be_opened() throws Exception {
        String file = CommandRun.file(folder, GOOD);

        CommandRun refused =
                check(
                        store -> probe(new Finding(Verdict.REFUSED, "a small put", "403", "")),
                        roomy(),
                        "--online",
                        file);
        CommandRun closed = check(NO_PROBES, roomy(), "--online", file);

        assertThat(refused.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(refused.out()).contains("the file is right, what it names is not");
        assertThat(closed.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(closed.out()).contains("opening the store: no store here");
    }

    @Test
    void online_tries_whether_functions_that_run_elsewhere_answer() throws Exception {
        String file =
                CommandRun.file(
                        folder,
                        GOOD
                                + "functions:\n  up: {endpoint: 'http://up:1'}\n"
                                + "  down: {endpoint: 'http://down:2'}\n"
                                + "  here: {runtime: provided, code: here}\n");

        CommandRun run =
                CommandRun.of(
                        new CheckCommand(
                                CommandRun.loader(),
                                (loaded, at, online) -> foreseen(),
                                store -> probe(),
                                CheckCommandTest::tried,
                                config -> Map.of(),
                                roomy()),
                        "--online",
                        file);

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.out())
                .contains(
                        "functions.up\n  honoured  connecting: it answers\n",
                        "functions.down\n  refused   connecting: nobody; start it\n",
                        "the file is right, what it names is not; 1 stream, 1 store, 3 functions, 0 catalogs")
                .doesNotContain("functions.here");
    }

    private static Optional<Finding> tried(FunctionSettings function) {
        return switch (function.name()) {
            case "up" -> Optional.of(new Finding(Verdict.HONOURED, "connecting", "it answers", ""));
            case "down" ->
                    Optional.of(new Finding(Verdict.REFUSED, "connecting", "nobody", "start it"));
            default -> Optional.empty();
        };
    }

    @Test
    void what_a_file_holds_is_shown_nowhere() throws Exception {
        Files.writeString(folder.resolve("key"), "correct-horse-battery\n");
        String file = CommandRun.file(folder, GOOD.replace("bucket: b", "bucket: '${file:key}'"));

        CommandRun text = check(NO_PROBES, roomy(), "--online", "--config", file);
        CommandRun json = check(NO_PROBES, roomy(), "--online", "--json", "--config", file);

        assertThat(text.out()).contains("local/${file:key}\n").doesNotContain("horse");
        assertThat(json.out()).contains("local/${file:key}").doesNotContain("horse");
    }

    @Test
    void json_says_the_same_to_machines() throws Exception {
        String file = CommandRun.file(folder, GOOD.replace("lines", "lins"));

        CommandRun run = check(NO_PROBES, roomy(), "--json", file);

        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(json.path("ok").asBoolean()).isFalse();
        assertThat(json.at("/problems/0/line").asInt()).isEqualTo(3);
        assertThat(json.at("/problems/0/path").asText())
                .isEqualTo("streams.notes.format.raw.delimiter");
    }

    @Test
    void two_files_and_unknown_options_are_wrong_usage() {
        assertThat(check(NO_PROBES, roomy(), "a.yaml", "--config", "b.yaml").exitCode())
                .isEqualTo(ExitCodes.USAGE);
        assertThat(check(NO_PROBES, roomy(), "--onlin").exitCode()).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void a_missing_file_is_a_finding() {
        CommandRun run = check(NO_PROBES, roomy(), folder.resolve("none.yaml").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.out()).contains("none.yaml: there is no such file");
    }

    private static CommandRun check(
            StoreProbes probes, HostResources machine, String... arguments) {
        return check((loaded, file, online) -> foreseen(), probes, machine, arguments);
    }

    private static CommandRun check(
            StartCheck start, StoreProbes probes, HostResources machine, String... arguments) {
        return CommandRun.of(
                new CheckCommand(
                        CommandRun.loader(),
                        start,
                        probes,
                        function -> Optional.empty(),
                        config -> Map.of(),
                        machine),
                arguments);
    }

    private static ForeseenStart foreseen(LocatedProblem... problems) {
        return new ForeseenStart(List.of(problems), ObjectBytes.NO_TABLES);
    }

    private StoreProbe probe(Finding... findings) {
        return new StoreProbe() {
            @Override
            public List<Finding> probe(String bucket, String prefix) {
                probed.add(bucket + " " + prefix);
                return List.of(findings);
            }

            @Override
            public BucketState bucket(String bucket) {
                return BucketState.PRESENT;
            }
        };
    }

    private static HostResources roomy() {
        return machine(1L << 30, 100L << 30);
    }

    private static HostResources machine(long heapBytes, long room) {
        return machine(heapBytes, room, OptionalLong.empty());
    }

    private static HostResources machine(long heapBytes, long room, OptionalLong memory) {
        return new HostResources() {
            @Override
            public long heapBytes() {
                return heapBytes;
            }

            @Override
            public boolean besideService() {
                return false;
            }

            @Override
            public OptionalLong memoryBytes() {
                return memory;
            }

            @Override
            public OptionalLong roomFor(Path folder) {
                return room == NOBODY_KNOWS ? OptionalLong.empty() : OptionalLong.of(room);
            }
        };
    }
}
