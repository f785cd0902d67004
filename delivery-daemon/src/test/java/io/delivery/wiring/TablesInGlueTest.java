package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.cli.ExitCodes;
import io.delivery.cli.HostResources;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LocatedProblem;
import io.delivery.machine.FileDisk;
import io.delivery.testkit.FakeGlue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code check}, {@code check --online} and {@code run} say of tables in Glue. */
@Timeout(120)
class TablesInGlueTest {
    @TempDir private Path folder;
    private final FakeGlue glue = FakeGlue.start();

    @AfterEach
    void stop() {
        glue.close();
    }

    private Path file(String schema) throws IOException {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                limits: {memory: 128MB}
                stores: {lake: {directory: lake}}
                catalogs: {main: {glue: {endpoint: '%s', credentials: {accessKeyId: testak, secretAccessKey: do-not-show}}}}
                streams:
                  s:
                    buffer: {size: 64MB}
                    format:
                      parquet: {}
                      schema: {%s}
                    destination: {bucket: b, errorPrefix: errors/}
                  t:
                    buffer: {size: 64MB}
                    format: {parquet: {}, schema: {table: db.others}}
                    destination: {bucket: c, errorPrefix: errors/}
                """
                        .formatted(glue.endpoint(), schema));
    }

    private ProgramRun program(String... arguments) {
        ProgramRun run = ProgramRun.of(Map.of(), arguments);
        assertThat(run.out() + run.err()).doesNotContain("do-not-show");
        return run;
    }

    private StartParts atStart(String schema) throws Exception {
        return atStartOf(file(schema));
    }

    private static StartParts atStartOf(Path file) throws Exception {
        return StartParts.of(
                new ConfigLoader(Map.of(), Programs.OURS).load(file),
                HostResources.local(new FileDisk()),
                TablesOfStreams.Asked.EVERYWHERE);
    }

    @Test
    void check_asks_nobody() throws Exception {
        ProgramRun check = program("check", file("table: db.clicks").toString());

        assertThat(check.exitCode()).as(check.out()).isEqualTo(ExitCodes.DONE);
        assertThat(glue.requests()).isEmpty();
    }

    @Test
    void check_sees_names_that_can_name_nothing() throws Exception {
        String at = ":11 streams.s.format.schema.";

        assertThat(program("check", file("table: db.cl@cks").toString()).out())
                .contains(
                        at
                                + "table: must name a table, was db.cl@cks: a table name has letters,"
                                + " digits, _ and -, 1 to 255 of them, was cl@cks");
        assertThat(program("check", file("table: db.clicks, version: latest").toString()).out())
                .contains(
                        at
                                + "version: must name a table, was db.clicks version latest: a"
                                + " version is LATEST or a number, was latest");
        assertThat(glue.requests()).isEmpty();
    }

    @Test
    void check_online_tells_of_each_table_what_glue_says() throws Exception {
        glue.put("db", "clicks", FakeGlue.columns("string", "a", "b"));

        ProgramRun check = program("check", "--online", file("table: db.clicks").toString());

        assertThat(check.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(check.out())
                .contains(
                        "catalogs.main\n  honoured  reading db.clicks (version LATEST): version 1"
                                + " with 2 columns and 0 partition columns\n")
                .contains(
                        "  refused   reading db.others (version LATEST): GetTable db.others at %s:"
                                .formatted(glue.endpoint()))
                .contains("400 EntityNotFoundException: Entity Not Found; create it, or correct");
    }

    /** A setting of the stream, and what is wrong with it for the table in Glue. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parquet: {}, unknownFields: {keep: more} | unknownFields.keep: must name a column of type map<string,string>, was more",
                "parquet: {}, serde: {openx: {columnToJsonKeyMappings: {ts: at}}} | serde.openx.columnToJsonKeyMappings: must fit db.clicks: there is no column or field ts",
                "orc: {bloomFilterColumns: [aa]} | orc.bloomFilterColumns: must name columns of db.clicks, was aa",
            })
    void check_online_and_a_start_refuse_the_same_settings(String setting, String problem)
            throws Exception {
        glue.put("db", "clicks", FakeGlue.columns("string", "a", "b"));
        glue.put("db", "others", FakeGlue.columns("string", "a"));
        Path file = file("table: db.clicks");
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst(
                                "(?s)format:\\s+parquet: \\{\\}\\s+schema: \\{table: db.clicks\\}",
                                "format: {%s, schema: {table: db.clicks}}".formatted(setting)));

        ProgramRun offline = program("check", file.toString());
        ProgramRun online = program("check", "--online", file.toString());
        StartParts start = atStartOf(file);

        assertThat(offline.exitCode()).as(offline.out()).isEqualTo(ExitCodes.DONE);
        assertThat(online.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(online.out())
                .containsOnlyOnce(" streams.s.format." + problem)
                .contains("honoured  reading db.clicks")
                .contains(": 1 problem");
        assertThat(start.refusals())
                .singleElement()
                .extracting(LocatedProblem::toString)
                .asString()
                .contains(" streams.s.format." + problem);
    }

    @Test
    void a_glue_that_does_not_answer_is_asked_once_and_told_once() throws Exception {
        glue.close();

        ProgramRun check = program("check", "--online", file("table: db.clicks").toString());
        StartParts start = atStart("table: db.clicks");

        assertThat(check.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(check.out())
                .containsOnlyOnce(
                        "refused   reading db.clicks (version LATEST): GetTable db.clicks")
                .doesNotContain("db.others");
        assertThat(start.refusals()).isEmpty();
        assertThat(start.troubles())
                .singleElement()
                .extracting(LocatedProblem::toString)
                .asString()
                .contains(
                        ":11 streams.s.format.schema.table: must name a table that can be read, was"
                                + " db.clicks: GetTable db.clicks at ")
                .contains("Connection refused");
    }

    @Test
    void a_start_waits_for_what_may_come_and_refuses_what_must_be_corrected() throws Exception {
        glue.put("db", "clicks", FakeGlue.columns("strin", "a"));

        StartParts start = atStart("table: db.clicks");

        assertThat(start.refusals())
                .singleElement()
                .extracting(LocatedProblem::toString)
                .asString()
                .endsWith(
                        ":11 streams.s.format.schema.table: must name a table, was db.clicks:"
                                + " db.clicks in Glue: column a: unknown type, saw 'strin' at"
                                + " character 1; did you mean string?");
        assertThat(start.troubles())
                .singleElement()
                .extracting(LocatedProblem::path)
                .isEqualTo("streams.t.format.schema.table");
        assertThatThrownBy(
                        () ->
                                new ConfigFile(
                                                new ConfigLoader(Map.of(), Programs.OURS),
                                                folder.resolve("delivery.yaml"))
                                        .read())
                .hasMessageContaining("unknown type");
    }

    @Test
    void a_version_that_is_not_there_is_waited_for() throws Exception {
        glue.put("db", "clicks", FakeGlue.columns("string", "a"));
        glue.put("db", "others", FakeGlue.columns("string", "a"));

        assertThat(atStart("table: db.clicks, version: 7").troubles())
                .singleElement()
                .extracting(LocatedProblem::toString)
                .asString()
                .endsWith(
                        ":11 streams.s.format.schema.version: must name a table, was db.clicks"
                                + " version 7: GetTableVersion db.clicks: there is no version 7, the"
                                + " newest is 1");
    }
}
