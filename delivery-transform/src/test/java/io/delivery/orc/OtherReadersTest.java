package io.delivery.orc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.format.TableSchema;
import io.delivery.parquet.ArrowReader;
import io.delivery.parquet.CornerValues;
import io.delivery.parquet.FilesOfRows;
import io.delivery.parquet.Objects;
import io.delivery.parquet.ProgramOutput;
import io.delivery.parquet.RandomRecords;
import io.delivery.testkit.orc.OrcContent;
import io.delivery.testkit.servers.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.orc.CompressionKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our files as programs read them that have no code in common with this one: ORC's C++ reader
 * (within pyarrow), and the command line of another release of ORC's Java.
 */
class OtherReadersTest {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private static final TableSchema TABLE =
            Objects.table(
                    "id bigint",
                    "b boolean",
                    "i1 tinyint",
                    "f8 double",
                    "d decimal(5,2)",
                    "d38 decimal(38,10)",
                    "s string",
                    "c char(3)",
                    "day date",
                    "moment timestamp",
                    "l array<string>",
                    "m map<string,int>",
                    "st struct<a:int,b:array<struct<c:string>>>");

    private static final String FULL =
            """
            {"id":1,"b":true,"i1":-128,"f8":-2.25e-300,"d":-123.45,
             "d38":-1234567890123456789012345678.0123456789,"s":"gr\u00fc\u00df \ud83d\ude00","c":"ab",
             "day":"1969-12-31","moment":"1969-12-31T23:59:58.123456789Z","l":["x",null,""],
             "m":{"k":7,"n":null},"st":{"a":5,"b":[{"c":"deep"},{}]}}""";

    /** As pyarrow's values print; its nanoseconds print as a count since 1970. */
    private static final String AS_ARROW =
            """
            {"id":1,"b":true,"i1":-128,"f8":-2.25e-300,"d":"-123.45",
             "d38":"-1234567890123456789012345678.0123456789","s":"gr\u00fc\u00df \ud83d\ude00","c":"ab ",
             "day":"1969-12-31","moment":-1876543211,"l":["x",null,""],
             "m":[["k",7],["n",null]],"st":{"a":5,"b":[{"c":"deep"},{"c":null}]}}""";

    private static final String AS_TOOLS =
            """
            {"id":1,"b":true,"i1":-128,"f8":-2.25e-300,"d":"-123.45",
             "d38":"-1234567890123456789012345678.0123456789","s":"gr\u00fc\u00df \ud83d\ude00","c":"ab",
             "day":"1969-12-31","moment":"1969-12-31 23:59:58.123456789","l":["x",null,""],
             "m":[{"_key":"k","_value":7},{"_key":"n","_value":null}],
             "st":{"a":5,"b":[{"c":"deep"},{"c":null}]}}""";

    private static final String PYTHON =
            """
            import decimal, datetime, json, sys
            import pyarrow, pyarrow.orc
            for path in sys.argv[1:]:
                table = pyarrow.orc.ORCFile(path).read()
                i = table.schema.get_field_index('moment')
                table = table.set_column(i, 'moment', table.column(i).cast(pyarrow.int64()))
                for row in table.to_pylist():
                    print(json.dumps(row, default=str))
            """;

    @TempDir private Path directory;

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (OrcCompression compression : OrcCompression.values()) {
            files.add(file(compression, 0, OrcVersion.V0_12));
            files.add(file(compression, 0.8, OrcVersion.V0_12));
            files.add(file(compression, 1, OrcVersion.V0_11));
        }
        return files;
    }

    /** A full row, one of nulls, and many more of both, so that indexes have entries. */
    private Path file(OrcCompression compression, double threshold, OrcVersion version)
            throws IOException {
        Optional<BloomFilters> filters =
                version == OrcVersion.V0_12
                        ? Optional.of(new BloomFilters(List.of("id", "s"), 0.05))
                        : Optional.empty();
        Orc settings =
                new Orc(compression, 8 << 20, 1000, Optional.empty(), filters, threshold, version);
        Path file = directory.resolve("%s-%s-%s.orc".formatted(compression, threshold, version));
        assertThat(
                        Objects.encode(
                                file,
                                Objects.factory(new OrcFormat(settings), TABLE),
                                IntStream.range(0, 1500)
                                        .boxed()
                                        .flatMap(i -> Stream.of(FULL, "{}"))))
                .isEmpty();
        return file;
    }

    @Test
    void arrow_reads_every_row() throws Exception {
        List<String> command = new ArrayList<>(List.of(ArrowReader.python(), "-c", PYTHON));
        List<Path> files = files();
        files.forEach(file -> command.add(file.toString()));

        List<JsonNode> rows = rows(command);

        assertRows(rows, files.size(), AS_ARROW);
    }

    @Test
    void another_release_of_orc_reads_every_row() throws Exception {
        assumeOrcTools();
        List<Path> files = files();

        List<JsonNode> rows = rows(orcToolsData(files));

        assertRows(rows, files.size(), AS_TOOLS);
    }

    @Test
    void arrow_sees_the_values_at_the_edges_of_each_type() throws Exception {
        ArrowReader.python();
        FilesOfRows files = corners(OtherReadersTest::noMomentOfArrow);

        files.assertSeen(ArrowReader.rows(directory, files.paths()));
    }

    @Test
    void arrow_sees_the_rows_of_tables_that_chance_makes() throws Exception {
        ArrowReader.python();
        FilesOfRows files = random();

        files.assertSeen(ArrowReader.rows(directory, files.paths()));
    }

    @Test
    void another_release_of_orc_sees_the_values_at_the_edges_of_each_type() throws Exception {
        assumeOrcTools();
        // It shows days of the calendar before 1582, which goes from the 4th to the 15th.
        FilesOfRows files = corners(seen -> seen.startsWith("1582-10-10"));

        files.assertSeen(columns(rows(orcToolsData(files.paths()))));
    }

    @Test
    void another_release_of_orc_sees_the_rows_of_tables_that_chance_makes() throws Exception {
        assumeOrcTools();
        FilesOfRows files = random();

        files.assertSeen(columns(rows(orcToolsData(files.paths()))));
    }

    /**
     * Without dictionaries and with them.
     *
     * @param formless which values the reader has no form for
     */
    private FilesOfRows corners(Predicate<String> formless) throws Exception {
        FilesOfRows files = new FilesOfRows(directory, "orc");
        for (double threshold : List.of(0.0, 1.0)) {
            for (CornerValues corner : OrcFiles.corners()) {
                files.add(corner.without(formless), format(threshold));
            }
        }
        return files;
    }

    private FilesOfRows random() throws Exception {
        FilesOfRows files = new FilesOfRows(directory, "orc");
        for (int seed = 100; seed < 130; seed++) {
            files.add(RandomRecords.of(seed), format(seed % 3 / 2.0));
        }
        return files;
    }

    private static OrcFormat format(double threshold) {
        return new OrcFormat(OrcFiles.with(OrcCompression.ZLIB, threshold, OrcVersion.V0_12));
    }

    /** It counts nanoseconds since 1970 in 64 bits: from 1677 to 2262. */
    private static boolean noMomentOfArrow(String seen) {
        return seen.endsWith("Z") && !seen.matches("(1[89]|20).*");
    }

    /** Of rows that are objects of JSON. */
    private static List<List<?>> columns(List<JsonNode> rows) {
        List<List<?>> columns = new ArrayList<>();
        for (JsonNode row : rows) {
            Map<?, ?> named = JSON.convertValue(row, LinkedHashMap.class);
            columns.add(new ArrayList<>(named.values()));
        }
        return columns;
    }

    private static void assumeOrcTools() {
        Tools.missing("orc-tools", "bin/orc-tools.jar").ifPresent(reason -> abort(reason));
        assumeTrue(Runtime.version().feature() < 24, "orc-tools does not run on JDK 24 and newer");
    }

    private static List<String> orcToolsData(List<Path> files) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Duser.timezone=UTC",
                                "-jar",
                                Tools.executable("bin/orc-tools.jar").toString(),
                                "data"));
        files.forEach(file -> command.add(file.toString()));
        return command;
    }

    /** With dictionaries and ZSTD, as that program writes by default. */
    @Test
    void a_file_is_about_as_large_as_what_orc_tools_convert_writes_of_the_same_rows()
            throws Exception {
        assumeOrcTools();
        TableSchema table =
                Objects.table("id bigint", "page string", "user string", "ms int", "share double");
        List<String> records =
                IntStream.range(0, 60_000)
                        .mapToObj(
                                i ->
                                        "{\"id\":%d,\"page\":\"/p/%d\",\"user\":\"%s\",\"ms\":%d,\"share\":%s}"
                                                .formatted(
                                                        1_000_000L + i,
                                                        i * 7919 % 500,
                                                        Integer.toHexString(i * 0x9E3779B9),
                                                        i * 31 % 4001,
                                                        i % 97 / 8.0))
                        .toList();
        Path json = Files.write(directory.resolve("rows.json"), records);
        Path theirs = directory.resolve("theirs.orc");
        Path ours = directory.resolve("ours.orc");

        rows(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        Tools.executable("bin/orc-tools.jar").toString(),
                        "convert",
                        json.toString(),
                        "--schema",
                        "struct<id:bigint,page:string,user:string,ms:int,share:double>",
                        "--output",
                        theirs.toString()));
        Objects.encode(
                ours,
                OrcFiles.factory(OrcFiles.with(OrcCompression.ZSTD, 0.8, OrcVersion.V0_12), table),
                records.stream());

        try (OrcContent converted = OrcContent.of(Files.readAllBytes(theirs))) {
            assertThat(converted.rowCount()).isEqualTo(60_000);
            assertThat(converted.reader().getCompressionKind()).isEqualTo(CompressionKind.ZSTD);
        }
        assertThat((double) Files.size(ours)).isLessThan(1.05 * Files.size(theirs));
    }

    private static void assertRows(List<JsonNode> rows, int files, String full) throws IOException {
        assertThat(rows).hasSize(files * 3000);
        JsonNode expected = JSON.readTree(full);
        for (int i = 0; i < rows.size(); i += 2) {
            assertThat(rows.get(i)).isEqualTo(expected);
            assertThat(rows.get(i + 1)).hasSize(13).allMatch(JsonNode::isNull);
        }
    }

    /** What a program prints that begins with a brace; numbers that a text may hold are texts. */
    private List<JsonNode> rows(List<String> command) throws Exception {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : ProgramOutput.lines(directory, command)) {
            if (line.startsWith("{")) {
                rows.add(JSON.readTree(line));
            }
        }
        return rows;
    }
}
