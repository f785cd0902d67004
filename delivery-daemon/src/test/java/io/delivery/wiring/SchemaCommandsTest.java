package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.http.FirehoseClient;
import io.delivery.cli.ExitCodes;
import io.delivery.loading.ConfigLoader;
import io.delivery.machine.SystemClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** schema suggest and schema check: files, pipes and the journal of a stream. */
class SchemaCommandsTest {
    private static final String SAMPLES =
            """
            {"id":1,"@at":"2026-01-31T10:20:30Z"}
            {"id":2,"tags":["a"]}

            {"id":3,
             "tags":[]}
            """;

    @TempDir private Path folder;

    private record Run(int exitCode, String out, String err) {}

    private Run run(String in, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);
        int exitCode =
                Main.schema(loader, new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)))
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new Run(exitCode, out.toString(), err.toString());
    }

    private Run withConfig(String in, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--config");
        all.add(folder.resolve("delivery.yaml").toString());
        return run(in, all.toArray(new String[0]));
    }

    @BeforeEach
    void configure() throws IOException {
        Files.createDirectories(folder.resolve("schemas/shop"));
        Files.writeString(
                folder.resolve("schemas/shop/orders.yaml"),
                "columns:\n  - {name: id, type: tinyint}\n  - {name: gone, type: string}\n");
        Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server: {api: '127.0.0.1:0', admin: '127.0.0.1:0', shutdown: {land: false}}
                limits: {memory: 128MB}
                stores: {lake: {directory: lake}}
                catalogs: {main: {file: schemas}}
                streams:
                  orders:
                    split: json
                    processors: [{jq: '{id: .id, text: (.id | tostring)}'}]
                    buffer: {size: 64MB, interval: 900s}
                    format: {parquet: {}, schema: {table: shop.orders}}
                    destination: {store: lake, bucket: orders, errorPrefix: 'errors/'}
                """);
    }

    @Test
    void a_table_of_samples_from_a_pipe_is_printed_and_reads_them() throws IOException {
        Run run = run(SAMPLES, "suggest");

        assertThat(run.exitCode).isEqualTo(ExitCodes.DONE);
        assertThat(run.out)
                .isEqualTo(
                        """
                        # Suggested by delivery. 3 samples: 0 are no records; of the others 3 convert by this table to 3 rows, 0 fail.
                        columns:
                          - {name: id, type: int}
                          - {name: at, type: timestamp}
                          - {name: tags, type: "array<string>"}
                        serde:
                          openx:
                            columnToJsonKeyMappings:
                              at: "@at"
                        """);
        Path table = Files.writeString(folder.resolve("t.yaml"), run.out);
        assertThat(run(SAMPLES, "check", "--table", table.toString()).exitCode)
                .isEqualTo(ExitCodes.DONE);
        assertThat(run(SAMPLES, "suggest", "--diff", table.toString()).exitCode)
                .isEqualTo(ExitCodes.DONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db@3.t", "db.@3", "db.t@", "@3", "db@3", ".t", "db.", "@.t", "db@", "@", "."
            })
    void a_name_that_is_no_table_is_refused_with_the_forms_that_are(String name) {
        for (String option : List.of("check --table", "suggest --against")) {
            String[] words = option.split(" ");
            Run run = withConfig(SAMPLES, words[0], words[1], name);

            assertThat(run.exitCode).isNotIn(ExitCodes.DONE, ExitCodes.FOUND);
            assertThat(run.err)
                    .contains(
                            "a table is database.table, database.table@VERSION or a file .yaml or"
                                    + " .avsc, was "
                                    + name)
                    .doesNotContain("Exception");
        }
    }

    @Test
    void what_is_no_record_is_told_with_its_line_and_stops_nothing() throws IOException {
        Path file = folder.resolve("samples.json");
        Files.writeString(
                file, "{\"a\":1}\nno json\n[1]\n{\"a\":NaN}\n{\"a\":2}\n{\"a\":\"\\ud800\"}\n");

        Run run = run("", "suggest", file.toString());

        assertThat(run.exitCode).isEqualTo(ExitCodes.FOUND);
        assertThat(run.out).contains("- {name: a, type: string}");
        assertThat(run.err.lines())
                .anyMatch(
                        line ->
                                line.startsWith(
                                        "line 2: no record: DataFormatConversion.ParseError"))
                .anyMatch(
                        line ->
                                line.startsWith(
                                        "line 3: no record: DataFormatConversion.Malformed"))
                .anyMatch(
                        line ->
                                line.startsWith(
                                        "line 4: no record: DataFormatConversion.ParseError"))
                .contains(
                        "6 samples: 3 are no records; of the others 2 convert by this table to 2 rows, 1 fail")
                .anyMatch(line -> line.contains("half of a surrogate pair  (line 6)"));
    }

    @Test
    void hundreds_of_bad_lines_are_counted_and_the_first_ones_shown() {
        Run run = run("x\n".repeat(100) + "{\"a\":1}\n", "suggest");

        assertThat(run.err.lines().filter(line -> line.startsWith("line "))).hasSize(20);
        assertThat(run.err).contains("80 more samples: no record").contains("100 are no records");
    }

    @Test
    void glue_and_ddl_say_which_deserializer_the_stream_needs() {
        Run glue = run(SAMPLES, "suggest", "--as", "glue", "--table", "orders");
        Run ddl =
                run(
                        SAMPLES,
                        "suggest",
                        "--as=ddl",
                        "--table=orders",
                        "--location=s3://b/p/",
                        "--stored-as=orc",
                        "--serde=hive",
                        "--timestamp-format=yyyy-MM-dd'T'HH:mm:ss'Z'");

        assertThat(glue.out).contains("\"Name\" : \"orders\"").doesNotContain("Location");
        assertThat(glue.err).contains("\"ColumnToJsonKeyMappings\":{\"at\":\"@at\"}");
        assertThat(ddl.out)
                .startsWith(
                        "CREATE EXTERNAL TABLE `default`.`orders` (\n  `id` int,\n  `@at` timestamp,")
                .endsWith("STORED AS ORC\nLOCATION 's3://b/p/';\n");
        assertThat(ddl.err).contains("HiveJsonSerDe");
    }

    @Test
    void options_that_would_do_nothing_are_refused() {
        for (List<String> arguments :
                List.of(
                        List.of("suggest", "--table=t"),
                        List.of("suggest", "--as=ddl", "--table=t"),
                        List.of("suggest", "--as=glue"),
                        List.of("suggest", "--as=glue", "--table=t", "--database=d"),
                        List.of("suggest", "--serde=hive", "--dots"),
                        List.of("suggest", "--timestamp-format=yyyy"),
                        List.of("suggest", "--serde=hive", "--timestamp-format=bad"),
                        List.of("suggest", "--catalog=main"),
                        List.of("suggest", "--against=t.yaml", "--serde=hive"),
                        List.of("suggest", "--raw"),
                        List.of("suggest", "--limit=5"),
                        List.of("suggest", "--invoke"),
                        List.of("suggest", "--stream=s", "--invoke", "--raw"),
                        List.of("suggest", "--stream=s", "--limit=0"),
                        List.of("suggest", "--stream=s", "file"),
                        List.of("suggest", "--struct-keys=0"),
                        List.of("suggest", "--max-columns=10001"),
                        List.of("suggest", "no-such-file"),
                        List.of("suggest", "--against=nodot"),
                        List.of("check"),
                        List.of("check", "--catalog=main", "--settings-of=s"),
                        List.of("check", "--catalog=main"))) {
            Run run = run(SAMPLES, arguments.toArray(new String[0]));

            assertThat(run.exitCode).as("%s: %s", arguments, run.err).isEqualTo(ExitCodes.USAGE);
            assertThat(run.err).isNotBlank();
        }
    }

    @Test
    void no_samples_are_refused_and_samples_without_fields_make_no_table() {
        assertThat(run("\n \n", "suggest").exitCode).isEqualTo(ExitCodes.USAGE);
        assertThat(run("\n", "check", "--table", folder + "/schemas/shop/orders.yaml").exitCode)
                .isEqualTo(ExitCodes.USAGE);
        Run empty = run("{}\n", "suggest");
        assertThat(empty.exitCode).isEqualTo(ExitCodes.FOUND);
        assertThat(empty.err).contains("no sample is a JSON object with a field");
    }

    @Test
    void check_counts_reasons_and_fields_without_a_column() throws IOException {
        String samples =
                "{\"id\":1,\"x\":1}\n{\"id\":200}\n{\"id\":300,\"x\":2}\nnone\n{\"id\":\"7\"}\n";

        Run text = withConfig(samples, "check", "--table", "shop.orders");
        Run json = withConfig(samples, "check", "--table", "shop.orders", "--json");

        assertThat(text.exitCode).isEqualTo(ExitCodes.FOUND);
        assertThat(text.out)
                .startsWith("5 samples: 2 convert to 2 rows of shop.orders, 3 fail")
                .contains("(line 2, line 3)");
        JsonNode root = new ObjectMapper().readTree(json.out);
        assertThat(root.at("/ok").asBoolean()).isFalse();
        assertThat(root.at("/rows").asLong()).isEqualTo(2);
        assertThat(root.at("/reasons/0/count").asLong()).isEqualTo(2);
        assertThat(root.at("/reasons/0/column").asText()).isEqualTo("id");
        assertThat(root.at("/reasons/0/code").asText())
                .isEqualTo("DataFormatConversion.MalformedData");
        assertThat(root.at("/reasons/0/examples/0").asText()).isEqualTo("line 2");
        assertThat(root.at("/unknownFields/x").asLong()).isEqualTo(1);
    }

    @Test
    void the_settings_of_a_stream_count_with_a_table_that_is_a_file() throws IOException {
        Path config = folder.resolve("delivery.yaml");
        String text = Files.readString(config);
        Path table =
                Files.writeString(
                        folder.resolve("new.yaml"),
                        "columns: [{name: id, type: int}, {name: at, type: timestamp},"
                                + " {name: extras, type: 'map<string,string>'}]");
        String sample = "{\"id\":1,\"at\":\"31.01.2026\",\"x\":2}\n";
        Files.writeString(
                config,
                text.replace(
                        "{table: shop.orders}}",
                        "{table: shop.orders}, unknownFields: refuse, serde: {hive:"
                                + " {timestampFormats: [dd.MM.yyyy]}}}"));

        Run nobody = withConfig(sample, "check", "--table", table.toString());
        Run ofStream =
                withConfig(sample, "check", "--table", table.toString(), "--settings-of", "orders");
        Run json =
                withConfig(
                        sample,
                        "check",
                        "--table",
                        table.toString(),
                        "--settings-of",
                        "orders",
                        "--json");
        Run itsTable = withConfig("{\"id\":1}\n", "check", "--settings-of", "orders");
        Run unknown = withConfig(sample, "check", "--settings-of", "order");

        assertThat(nobody.out)
                .contains("serde: openx (from the table)\n")
                .contains("unknownFields: drop (from the default)\n")
                .contains("Invalid or unsupported timestamp format");
        assertThat(ofStream.exitCode).isEqualTo(ExitCodes.FOUND);
        assertThat(ofStream.out)
                .contains("serde: hive {timestampFormats: ['dd.MM.yyyy']} (from stream orders)\n")
                .contains("unknownFields: refuse (from stream orders)\n")
                .contains("the stream refuses unknown fields");
        assertThat(new ObjectMapper().readTree(json.out).at("/settings/0/from").asText())
                .isEqualTo("stream orders");
        assertThat(itsTable.exitCode).as(itsTable.err).isEqualTo(ExitCodes.DONE);
        assertThat(itsTable.out).startsWith("1 samples: 1 convert to 1 rows of shop.orders");
        assertThat(unknown.exitCode).isEqualTo(ExitCodes.UNKNOWN_STREAM);
        assertThat(unknown.err).contains("did you mean orders?");
    }

    @Test
    void settings_of_a_stream_that_do_not_go_with_the_table_are_told() throws IOException {
        Path config = folder.resolve("delivery.yaml");
        String text = Files.readString(config);
        Files.writeString(
                config,
                text.replace(
                        "{table: shop.orders}}",
                        "{table: shop.orders}, unknownFields: {keep: extras}}"));
        Path table =
                Files.writeString(folder.resolve("new.yaml"), "columns: [{name: id, type: int}]");

        Run run = withConfig("{}", "check", "--table", table.toString(), "--settings-of", "orders");

        assertThat(run.exitCode).isEqualTo(ExitCodes.CONFIG_REFUSED);
        assertThat(run.err)
                .contains(
                        "streams.orders.format.unknownFields.keep: must name a column of type"
                                + " map<string,string>, was extras");
    }

    @Test
    void what_a_column_nearly_is_is_noted_beside_the_table() {
        String samples = "{\"at\":\"2026-01-31T10:20:30Z\"}\n".repeat(20) + "{\"at\":\"n/a\"}\n";

        Run run = run(samples, "suggest");

        assertThat(run.err)
                .contains(
                        "note: at: 20 of 21 values are timestamps; 1 is not, the first is \"n/a\""
                                + " in line 21");
        assertThat(run.out).contains("{name: at, type: string}").doesNotContain("n/a");
    }

    @Test
    void a_table_that_is_not_there_or_wrong_is_told_with_its_own_exit_code() throws IOException {
        Path wrong =
                Files.writeString(
                        folder.resolve("wrong.yaml"), "columns: [{name: a, type: strin}]");

        for (Run run :
                List.of(
                        withConfig(SAMPLES, "check", "--table", "shop.order"),
                        run(SAMPLES, "check", "--table", wrong.toString()),
                        run(SAMPLES, "check", "--table", folder + "/absent.yaml"),
                        run(SAMPLES, "suggest", "--diff", folder + "/absent.avsc"))) {
            assertThat(run.exitCode).as(run.err).isEqualTo(ExitCodes.CONFIG_REFUSED);
            assertThat(run.err).containsAnyOf("did you mean", "is not there");
        }
    }

    @Test
    void differences_from_a_table_are_printed() {
        Run run =
                withConfig(
                        "{\"id\":1,\"n\":{\"a\":1}}\n{\"id\":200}\n",
                        "suggest",
                        "--against",
                        "shop.orders");

        assertThat(run.exitCode).isEqualTo(ExitCodes.FOUND);
        assertThat(run.out.lines())
                .satisfiesExactly(
                        one ->
                                assertThat(one)
                                        .startsWith(
                                                "widened     id  tinyint to int: 1 samples do not"
                                                        + " fit, first line 2: "),
                        two -> assertThat(two).isEqualTo("never seen  gone  string"),
                        three -> assertThat(three).isEqualTo("added       n  struct<a:int>"),
                        four ->
                                assertThat(four)
                                        .startsWith(
                                                "2 samples are records; 1 of them convert by"
                                                        + " shop.orders as it is, 1 fail"));
    }

    @Test
    void records_of_a_stream_come_through_its_processors_or_raw() throws Exception {
        ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);
        try (Service service = Service.start(loader.load(folder.resolve("delivery.yaml")))) {
            new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                    .putRecordBatch(
                            "orders",
                            List.of(
                                    "{\"id\":1,\"z\":1}{\"id\":2}".getBytes(StandardCharsets.UTF_8),
                                    "{\"id\":300}".getBytes(StandardCharsets.UTF_8),
                                    "no json".getBytes(StandardCharsets.UTF_8)));

            Run suggested = withConfig("", "suggest", "--stream", "orders");
            Run checked = withConfig("", "check", "--stream", "orders");
            Run raw = withConfig("", "suggest", "--stream", "orders", "--raw", "--limit", "2");
            Run elsewhere = withConfig("", "suggest", "--stream", "order");
            Run noFunction = withConfig("", "suggest", "--stream", "orders", "--invoke");

            assertThat(suggested.err)
                    .contains(
                            "3 records of stream orders became 3 samples; processors dropped 0 and refused 1")
                    .contains("  sequence 2");
            assertThat(suggested.out)
                    .contains("{name: id, type: int}", "{name: text, type: string}")
                    .doesNotContain("name: z");
            assertThat(checked.exitCode).isEqualTo(ExitCodes.FOUND);
            assertThat(checked.out)
                    .startsWith("3 samples: 2 convert to 2 rows of shop.orders, 1 fail")
                    .contains("(sequence 1)");
            assertThat(raw.err)
                    .contains("2 records of stream orders, as they were accepted")
                    .contains("sequence 2: no record");
            assertThat(raw.out).contains("name: id, type: int").doesNotContain("name: text");
            assertThat(elsewhere.exitCode).isEqualTo(ExitCodes.UNKNOWN_STREAM);
            assertThat(noFunction.exitCode).isEqualTo(ExitCodes.USAGE);

            String config = Files.readString(folder.resolve("delivery.yaml"));
            Files.writeString(
                    folder.resolve("delivery.yaml"),
                    config.replace(
                                    "[{jq: '{id: .id, text: (.id | tostring)}'}]",
                                    "[{lambda: {function: charge}}]")
                            + "functions: {charge: {endpoint: 'http://localhost:9/f'}}\n");
            Run notInvoked = withConfig("", "suggest", "--stream", "orders");
            assertThat(notInvoked.err)
                    .contains(
                            "as they were accepted: it has a function, which is invoked only with");
            assertThat(notInvoked.out).contains("name: z");
        }
    }

    @Test
    void the_page_shows_what_the_commands_print() throws IOException {
        String page = Files.readString(Path.of("../docs/schema-suggest.md"));
        Path samples = Files.writeString(folder.resolve("rides.json"), fence(page, "json", 0));
        Path later = Files.writeString(folder.resolve("later.json"), fence(page, "json", 1));

        Run suggested = run("", "suggest", samples.toString());
        Path table = Files.writeString(folder.resolve("rides.yaml"), suggested.out);
        Run checked = run("", "check", "--table", table.toString(), later.toString());
        Run different = run("", "suggest", "--against", table.toString(), later.toString());

        assertThat(suggested.out).isEqualTo(fence(page, "yaml", 0));
        String database = folder.getFileName().toString();
        assertThat(checked.out.replace(database, "lake")).isEqualTo(fence(page, "text", 0));
        assertThat(different.out.replace(database, "lake")).isEqualTo(fence(page, "text", 1));
    }

    /** The text between the marks of one block of a page, the first is 0. */
    private static String fence(String page, String language, int number) {
        String[] blocks = page.split("```" + language + "\n");
        return blocks[number + 1].substring(0, blocks[number + 1].indexOf("```"));
    }
}
