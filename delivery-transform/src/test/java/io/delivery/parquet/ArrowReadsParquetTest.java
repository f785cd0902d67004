package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.format.TableSchema;
import io.delivery.parquet.ParquetSettings.Dictionary;
import io.delivery.parquet.ParquetSettings.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our Parquet files as Arrow's C++ reader sees them, which pyarrow has. */
class ArrowReadsParquetTest {
    private static final ObjectMapper JSON = new ObjectMapper();

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
             "day":"1969-12-31","moment":"1969-12-31T23:59:58.123456Z","l":["x",null,""],
             "m":{"k":7,"n":null},"st":{"a":5,"b":[{"c":"deep"},{}]}}""";

    /** The moment prints as microseconds since 1970. */
    private static final String SEEN =
            """
            {"id":1,"b":true,"i1":-128,"f8":-2.25e-300,"d":"-123.45",
             "d38":"-1234567890123456789012345678.0123456789","s":"gr\u00fc\u00df \ud83d\ude00","c":"ab",
             "day":"1969-12-31","moment":-1876544,"l":["x",null,""],
             "m":[["k",7],["n",null]],"st":{"a":5,"b":[{"c":"deep"},{"c":null}]}}""";

    private static final String PYTHON =
            """
            import json, sys
            import pyarrow, pyarrow.parquet
            for path in sys.argv[1:]:
                table = pyarrow.parquet.read_table(path)
                i = table.schema.get_field_index('moment')
                table = table.set_column(i, 'moment', table.column(i).cast(pyarrow.int64()))
                for row in table.to_pylist():
                    print(json.dumps(row, default=str))
            """;

    @TempDir private Path directory;

    @Test
    void arrow_reads_every_row_of_every_compression_and_version() throws Exception {
        List<String> command = new ArrayList<>(List.of(ArrowReader.python(), "-c", PYTHON));
        List<Path> files = files();
        files.forEach(file -> command.add(file.toString()));

        List<JsonNode> rows = new ArrayList<>();
        for (String line : ProgramOutput.lines(directory, command)) {
            rows.add(JSON.readTree(line));
        }

        assertThat(rows).hasSize(files.size() * 3000);
        JsonNode seen = JSON.readTree(SEEN);
        for (int i = 0; i < rows.size(); i += 2) {
            assertThat(rows.get(i)).isEqualTo(seen);
            assertThat(rows.get(i + 1)).hasSize(13).allMatch(JsonNode::isNull);
        }
    }

    private List<Path> files() throws Exception {
        List<Path> files = new ArrayList<>();
        for (PageCompression compression : PageCompression.values()) {
            for (Version version : Version.values()) {
                for (Dictionary dictionary : Dictionary.values()) {
                    Path file =
                            directory.resolve(
                                    "%s-%s-%s.parquet".formatted(compression, version, dictionary));
                    assertThat(
                                    Objects.encode(
                                            file,
                                            ParquetSettings.DEFAULTS
                                                    .withCompression(compression)
                                                    .withWriterVersion(version)
                                                    .withDictionary(dictionary),
                                            TABLE,
                                            IntStream.range(0, 1500)
                                                    .boxed()
                                                    .flatMap(i -> Stream.of(FULL, "{}"))))
                            .isEmpty();
                    files.add(file);
                }
            }
        }
        return files;
    }

    @Test
    void arrow_sees_the_values_at_the_edges_of_each_type() throws Exception {
        ArrowReader.python();
        FilesOfRows files = new FilesOfRows(directory, "parquet");
        for (Version version : Version.values()) {
            for (CornerValues corner : CornerValues.all()) {
                files.add(corner, format(version));
            }
        }

        files.assertSeen(ArrowReader.rows(directory, files.paths()));
    }

    @Test
    void arrow_sees_the_rows_of_tables_that_chance_makes() throws Exception {
        ArrowReader.python();
        FilesOfRows files = new FilesOfRows(directory, "parquet");
        for (int seed = 0; seed < 30; seed++) {
            files.add(
                    RandomRecords.of(seed),
                    format(Version.values()[seed % Version.values().length]));
        }

        files.assertSeen(ArrowReader.rows(directory, files.paths()));
    }

    private static ParquetFormat format(Version version) {
        return new ParquetFormat(ParquetSettings.DEFAULTS.withWriterVersion(version));
    }
}
