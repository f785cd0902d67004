package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.cli.ExitCodes;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code check} and {@code run} say of the tables that streams convert to. */
class TablesOfStreamsTest {
    private static final String CONFIG =
            """
            dataDir: %1$s/data
            server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
            stores: {lake: {directory: %1$s/lake}}
            catalogs: {main: {file: %1$s/schemas}}
            streams:
              s:
                buffer: {size: 64MB}
                format:
                  parquet: {}
                  schema: {table: db.clicks%2$s}
                destination: {bucket: b, errorPrefix: errors/}
            """;

    @TempDir Path folder;

    @BeforeEach
    void database() throws IOException {
        Files.createDirectories(folder.resolve("schemas/db"));
    }

    @Test
    void a_good_table_is_ok() throws Exception {
        write("clicks.yaml", "columns: [{name: id, type: 'map<string,int>'}]");

        ProgramRun check = program("check", "");

        assertThat(check.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(check.out()).contains(": OK, 1 stream");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "columns:~ - {name: id, type: strin}         | clicks.yaml:2 columns[0].type: unknown type, saw 'strin' at character 1; did you mean string?",
                "columns:~ - {name: id, type: 'map<int'}     | clicks.yaml:2 columns[0].type: expected ',', saw the end at character 8",
                "columms: []                                 | clicks.yaml:1 columms: unknown; did you mean columns?",
                "columns:~ - {name: a, type: int}~ - {name: A, type: int} | clicks.yaml:3 columns[1].name: must be there once, was A as in line 2",
                "columns: [{name: a, type: int}]~serde: {hive: {timestampFormats: [yyyy-MM-ddP]}} | clicks.yaml:2 serde.hive.timestampFormats[0]: letter P is not supported",
                "columns: [{name: a                          | clicks.yaml:1: is not YAML",
                "''                                          | clicks.yaml:1: the file is empty",
            })
    void a_table_that_makes_no_sense_is_a_problem_to_check_and_run(String table, String message)
            throws Exception {
        write("clicks.yaml", table.replace('~', '\n'));

        ProgramRun check = program("check", "");
        ProgramRun run = program("run", "");

        assertThat(check.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(check.out()).contains("schemas/db/" + message).contains(": 1 problem");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED);
        assertThat(run.err()).contains("schemas/db/" + message);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void a_table_that_is_not_there_is_a_problem_at_the_setting_that_names_it() throws Exception {
        write("click.yaml", "columns: [{name: id, type: int}]");

        ProgramRun check = program("check", "");

        assertThat(check.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(check.out())
                .startsWith(
                        folder.resolve("delivery.yaml")
                                + ":10 streams.s.format.schema.table: must name a table, was"
                                + " db.clicks: neither ")
                .contains("clicks.yaml nor clicks.avsc is there; did you mean db.click?");
    }

    @Test
    void a_version_that_is_not_there_or_can_be_none_is_told_at_its_setting() throws Exception {
        write("clicks.yaml", "columns: [{name: id, type: int}]");

        assertThat(program("check", ", version: 3").out())
                .contains(
                        ":10 streams.s.format.schema.version: must name a table, was db.clicks"
                                + " version 3: neither ");
        assertThat(program("run", ", version: latest").err())
                .contains(
                        ":10 streams.s.format.schema.version: must name a table, was db.clicks"
                                + " version latest: a version is LATEST or a number, was latest");
    }

    @Test
    void a_table_of_two_streams_is_complained_about_once() throws Exception {
        write("clicks.yaml", "columns: [{name: id, type: strin}]");
        String twice =
                "  t: {buffer: {size: 64MB}, format: {parquet: {}, schema: {table: db.clicks}},"
                        + " destination: {bucket: b, errorPrefix: errors/}}\n";
        Path file = folder.resolve("delivery.yaml");
        Files.writeString(file, CONFIG.formatted(folder, "") + twice);

        ProgramRun check = ProgramRun.of(Map.of(), "check", file.toString());

        assertThat(check.out()).contains("delivery.yaml: 1 problem");
    }

    @Test
    void a_bloom_filter_column_that_the_table_lacks_is_a_problem_of_that_stream() throws Exception {
        write("clicks.yaml", "columns: [{name: customer_id, type: int}]");
        String orc =
                "  t:\n"
                        + "    buffer: {size: 64MB}\n"
                        + "    format:\n"
                        + "      orc: {bloomFilterColumns: [CUSTOMER_ID, customerid]}\n"
                        + "      schema: {table: db.clicks}\n"
                        + "    destination: {bucket: b, errorPrefix: errors/}\n";
        Path file = folder.resolve("delivery.yaml");
        Files.writeString(file, CONFIG.formatted(folder, "") + orc);

        ProgramRun check = ProgramRun.of(Map.of(), "check", file.toString());
        ProgramRun run = ProgramRun.of(Map.of(), "run", file.toString());

        String problem =
                "delivery.yaml:15 streams.t.format.orc.bloomFilterColumns: must name columns of"
                        + " db.clicks, was customerid; did you mean customer_id?";
        assertThat(check.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(check.out()).contains(problem).contains(": 1 problem");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED);
        assertThat(run.err()).contains(problem);
    }

    @Test
    void the_old_version_of_orc_is_a_problem_for_a_table_of_many_texts() throws Exception {
        StringBuilder columns = new StringBuilder("columns:\n");
        for (int i = 0; i < 129; i++) {
            columns.append("  - {name: c").append(i).append(", type: string}\n");
        }
        write("clicks.yaml", columns.toString());
        Path file = folder.resolve("delivery.yaml");
        Files.writeString(
                file,
                CONFIG.formatted(folder, "").replace("parquet: {}", "orc: {formatVersion: V0_11}"));

        ProgramRun check = ProgramRun.of(Map.of(), "check", file.toString());

        assertThat(check.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(check.out())
                .contains(
                        "streams.s.format.orc.formatVersion: must be V0_12 for a table of more than"
                                + " 128 texts, nested ones included, was V0_11, and db.clicks has"
                                + " 129")
                .contains(": 1 problem");
    }

    /** A setting of the stream, and what is wrong with it for this table. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknownFields: {keep: more} | unknownFields.keep: must name a column of type map<string,string>, was more, and db.clicks has no such column",
                "unknownFields: {keep: id}   | unknownFields.keep: must name a column of type map<string,string>, was id, which has the type int in db.clicks",
                "serde: {openx: {columnToJsonKeyMappings: {ts: timestamp}}} | serde.openx.columnToJsonKeyMappings: must fit db.clicks: there is no column or field ts at any depth",
            })
    void a_setting_that_does_not_fit_the_table_is_a_problem_to_check_and_run(
            String setting, String message) throws Exception {
        write("clicks.yaml", "columns: [{name: id, type: int}, {name: name, type: string}]");

        ProgramRun check = withSetting("check", setting);
        ProgramRun run = withSetting("run", setting);

        assertThat(check.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(check.out()).contains(" streams.s.format." + message).contains(": 1 problem");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED);
        assertThat(run.err()).contains("streams.s.format." + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parquet: {pageSize: 2047MB}",
                "parquet: {blockSize: 2047MB, maxPadding: 1MB}",
                "orc: {stripeSize: 2047MB, rowIndexStride: 1000000, padding: true, blockSize: 2047MB, paddingTolerance: 1}"
            })
    void the_largest_numbers_that_the_settings_allow_are_taken(String format) throws Exception {
        write("clicks.yaml", "columns: [{name: id, type: int}]");
        Path file = folder.resolve("delivery.yaml");
        Files.writeString(file, CONFIG.formatted(folder, "").replace("parquet: {}", format));

        ProgramRun check = ProgramRun.of(Map.of(), "check", file.toString());

        assertThat(check.exitCode()).as(check.out() + check.err()).isEqualTo(ExitCodes.DONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc"})
    void a_table_that_no_encoder_has_memory_for_is_told_with_what_to_change(String format)
            throws Exception {
        StringBuilder columns = new StringBuilder("columns:\n");
        for (int i = 0; i < 20_000; i++) {
            columns.append("- {name: c").append(i).append(", type: int}\n");
        }
        write("clicks.yaml", columns.toString());
        Path file =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        CONFIG.formatted(folder, "").replace("parquet: {}", format + ": {}"));
        LoadedConfig loaded = new ConfigLoader(Map.of(), Programs.OURS).load(file);

        assertThat(tables(loaded, 512L << 20))
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.remedy()).isEqualTo(StartProblem.Remedy.WAIT);
                            assertThat(problem.problem().toString())
                                    .contains(
                                            ":10 streams.s.format.schema.table: must name a table"
                                                    + " that an encoder has memory for, was"
                                                    + " db.clicks with 20,000 columns: it takes ")
                                    .endsWith(
                                            ", and one encoder can have 217.6 MB of the heap of 512"
                                                    + " MB with limits.memory 256MB; start Java with"
                                                    + " a larger -Xmx, or lower limits.memory");
                        });
        assertThat(tables(loaded, 4L << 30)).isEmpty();
    }

    /** What a path of such a field takes is expected of each object. */
    @Test
    void a_table_whose_unknown_fields_may_grow_makes_small_objects_and_check_says_so()
            throws Exception {
        write(
                "clicks.yaml",
                "columns: [{name: id, type: int}, {name: m, type: 'map<string,struct<a:int>>'},"
                        + " {name: rest, type: 'map<string,string>'}]");
        String limits = "limits: {disk: 1GB}\n";

        ProgramRun dropped = limited("parquet: {}", limits);
        ProgramRun kept = limited("parquet: {}\n      unknownFields: {keep: rest}", limits);
        ProgramRun plain =
                limited("parquet: {compression: none}\n      unknownFields: {keep: rest}", limits);

        assertThat(dropped.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(dropped.out())
                .contains("streams.s: objects of up to 64 MB of records")
                .doesNotContain("are not reached");
        assertThat(kept.exitCode()).isEqualTo(ExitCodes.DONE);
        assertThat(kept.out())
                .containsPattern(
                        "hint: streams.s.buffer.size: objects of 64 MB are not reached, they end at"
                                + " \\d+ MB, since an object may take 3\\d times the bytes of its"
                                + " records, with the paths of the fields that"
                                + " format.unknownFields.keep keeps; limits.disk: \\d+MB would reach"
                                + " them")
                .containsPattern("streams.s: objects of up to \\d+ MB of records");
        assertThat(plain.out()).containsPattern("since an object may take 3\\d\\d times the bytes");
    }

    /** One digit and a comma become a decimal of 16 bytes. */
    @Test
    void growth_of_values_is_not_told_as_growth_of_the_fields_that_are_kept() throws Exception {
        write(
                "clicks.yaml",
                "columns: [{name: n, type: 'array<decimal(38,0)>'},"
                        + " {name: rest, type: 'map<string,string>'}]");
        String limits = "limits: {disk: 300MB}\n";
        String told = "since an object may take \\d+ times the bytes of its records; limits.disk";

        ProgramRun dropped = limited("parquet: {compression: none}", limits);
        ProgramRun kept =
                limited("parquet: {compression: none}\n      unknownFields: {keep: rest}", limits);

        assertThat(dropped.out()).containsPattern(told);
        assertThat(kept.out()).containsPattern(told);
    }

    private ProgramRun limited(String format, String limits) throws IOException {
        Path file = folder.resolve("delivery.yaml");
        Files.writeString(
                file, limits + CONFIG.formatted(folder, "").replace("parquet: {}", format));
        return ProgramRun.of(Map.of(), "check", file.toString());
    }

    private static List<StartProblem> tables(LoadedConfig loaded, long heapBytes) {
        try (Machine machine = new Machine()) {
            return TablesOfStreams.read(
                            loaded, machine.world(), TablesOfStreams.Asked.FILES, heapBytes)
                    .problems();
        }
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve("schemas/db").resolve(name), content);
    }

    private ProgramRun withSetting(String command, String setting) throws IOException {
        Path file = folder.resolve("delivery.yaml");
        Files.writeString(
                file,
                CONFIG.formatted(folder, "")
                        .replace("parquet: {}\n", "parquet: {}\n      " + setting + "\n"));
        return ProgramRun.of(Map.of(), command, file.toString());
    }

    private ProgramRun program(String command, String schema) throws IOException {
        Path file = folder.resolve("delivery.yaml");
        Files.writeString(file, CONFIG.formatted(folder, schema));
        return ProgramRun.of(Map.of(), command, file.toString());
    }
}
