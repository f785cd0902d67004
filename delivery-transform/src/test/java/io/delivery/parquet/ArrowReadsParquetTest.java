package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.format.TableSchema;
import io.delivery.parquet.ParquetSettings.Dictionary;
import io.delivery.parquet.ParquetSettings.Version;
import io.delivery.testkit.servers.Tools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
        Tools.missing("pyarrow", "pyarrow/bin/python").ifPresent(reason -> abort(reason));
        List<String> command =
                new ArrayList<>(
                        List.of(Tools.executable("pyarrow/bin/python").toString(), "-c", PYTHON));
        List<Path> files = files();
        files.forEach(file -> command.add(file.toString()));

        List<JsonNode> rows = rows(command);

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

    private List<JsonNode> rows(List<String> command) throws Exception {
        Path out = directory.resolve("out");
        Path errors = directory.resolve("errors");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(errors.toFile())
                        .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(out, StandardCharsets.UTF_8)) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }
}
