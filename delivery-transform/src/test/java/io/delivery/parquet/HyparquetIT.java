package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.format.TableSchema;
import io.delivery.parquet.ParquetSettings.Timestamps;
import io.delivery.parquet.ParquetSettings.Version;
import io.delivery.testkit.servers.Tools;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files read by hyparquet, which shares no code with the other readers. */
class HyparquetIT {
    private static final ParquetSettings SETTINGS = ParquetSettings.DEFAULTS;
    private static final String NODE = "hyparquet/node";

    @TempDir private Path folder;
    private Path file;

    static Stream<Arguments> everyTypeAndVersion() {
        return ParquetCornersTest.everyTypeAndVersion();
    }

    static Stream<Arguments> everyCompressionAndVersion() {
        return Stream.of(PageCompression.values())
                .flatMap(
                        compression ->
                                Stream.of(Version.values())
                                        .map(version -> Arguments.of(compression, version)));
    }

    @BeforeEach
    void open() {
        assumeThat(Tools.missing("hyparquet", NODE)).as(".ci/tools hyparquet").isEmpty();
        file = folder.resolve("file.parquet");
    }

    @ParameterizedTest
    @MethodSource("everyTypeAndVersion")
    void the_values_at_the_edges_of_a_type_are_seen(CornerValues corner, Version version)
            throws Exception {
        Objects.encode(
                file,
                SETTINGS.withWriterVersion(version),
                Objects.table("c " + corner.type()),
                corner.json().stream().map(ParquetCornersTest::record));

        JsonNode rows = read().path("rows");

        assertThat(rows).hasSize(corner.seen().size());
        for (int row = 0; row < rows.size(); row++) {
            String seen =
                    rows.get(row).path("c").isNull() ? "null" : rows.get(row).path("c").asText();
            assertThat(shortened(corner.type(), seen))
                    .isEqualTo(shortened(corner.type(), corner.seen().get(row)));
        }
    }

    /** As precise as a number or a Date of JavaScript can be. */
    private static String shortened(String type, String value) {
        if (value.equals("null")) {
            return value;
        }
        return switch (type.replaceFirst("\\(.*", "")) {
            case "float" -> String.valueOf(Float.parseFloat(value));
            case "double" -> String.valueOf(Double.parseDouble(value));
            case "decimal" -> String.valueOf((float) new BigDecimal(value).doubleValue());
            case "date" -> value.substring(0, 10);
            // It divides microseconds by a thousand, towards zero.
            case "timestamp" -> {
                Instant instant = Instant.parse(value);
                long micros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
                yield Instant.ofEpochMilli(micros / 1000).toString();
            }
            default -> value;
        };
    }

    @ParameterizedTest
    @MethodSource("everyCompressionAndVersion")
    void nested_values_are_seen_in_pages_of_each_kind(PageCompression compression, Version version)
            throws Exception {
        Objects.encode(
                file,
                SETTINGS.withCompression(compression).withWriterVersion(version),
                Objects.table("l array<struct<a:int,b:array<string>>>", "m map<string,bigint>"),
                Stream.of(
                        "{\"l\":[{\"a\":1,\"b\":[\"x\",null]},null,{}],\"m\":{\"k\":5,\"n\":null}}",
                        "{\"l\":[],\"m\":{}}",
                        "{}"));

        List<String> rows = new ArrayList<>();
        read().path("rows").forEach(row -> rows.add(row.toString()));

        assertThat(rows)
                .containsExactly(
                        "{\"l\":[{\"a\":1,\"b\":[\"x\",null]},null,{\"a\":null,\"b\":null}],"
                                + "\"m\":{\"k\":\"5\",\"n\":null}}",
                        "{\"l\":[],\"m\":{}}",
                        "{\"l\":null,\"m\":null}");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void rows_of_tables_that_chance_makes_are_seen(long seed) throws Exception {
        RandomRecords made = RandomRecords.of(seed, HyparquetIT::shortened);
        Version version = Version.values()[(int) (seed % Version.values().length)];
        made.write(file, new ParquetFormat(SETTINGS.withWriterVersion(version)));

        List<String> rows = new ArrayList<>();
        for (JsonNode row : read().path("rows")) {
            rows.add(
                    ForeignRow.text(
                            new ArrayList<>(columns(row)),
                            made.types(),
                            (type, value) -> shortened(type.toString(), String.valueOf(value))));
        }

        assertThat(made.expected()).hasSizeGreaterThan(5);
        assertThat(rows).as(made.types().toString()).isEqualTo(made.expected());
    }

    /** Their values, in the order of the table. */
    private static Collection<Object> columns(JsonNode row) {
        Map<String, Object> columns =
                new ObjectMapper().convertValue(row, new TypeReference<Map<String, Object>>() {});
        return columns.values();
    }

    @ParameterizedTest
    @EnumSource(Timestamps.class)
    void times_are_seen_in_either_form(Timestamps timestamps) throws Exception {
        Objects.encode(
                file,
                SETTINGS.withTimestamps(timestamps),
                Objects.table("c timestamp"),
                Stream.of(
                        "{\"c\":\"1969-12-31 23:59:59.123\"}",
                        "{\"c\":\"2026-11-30 01:02:03.5\"}"));

        assertThat(read().path("rows").findValuesAsText("c"))
                .containsExactly("1969-12-31T23:59:59.123Z", "2026-11-30T01:02:03.500Z");
    }

    @Test
    void indexes_statistics_and_metadata_are_seen() throws Exception {
        TableSchema table = Objects.table("id bigint", "s string");
        Objects.encode(file, SETTINGS, table, Stream.of("{\"id\":1,\"s\":\"a\"}", "{\"id\":2}"));

        JsonNode read = read();

        assertThat(read.path("keyValues").path("delivery.table").asText()).isEqualTo("db.t");
        assertThat(read.path("createdBy").asText()).startsWith("parquet-mr version ");
        assertThat(read.path("groups").path(0).path("rows").asInt()).isEqualTo(2);
        assertThat(read.path("groups").path(0).path("columns")).hasSize(2);
        for (JsonNode column : read.path("groups").path(0).path("columns")) {
            assertThat(column.path("codec").asText()).isEqualTo("SNAPPY");
            assertThat(column.path("statistics").asBoolean()).isTrue();
            assertThat(column.path("columnIndex").asBoolean()).isTrue();
            assertThat(column.path("offsetIndex").asBoolean()).isTrue();
        }
    }

    private JsonNode read() throws Exception {
        Path script = folder.resolve("hyparquet.mjs");
        try (InputStream source = HyparquetIT.class.getResourceAsStream("/parquet/hyparquet.mjs")) {
            Files.write(script, source.readAllBytes());
        }
        Path out = folder.resolve("out.json");
        Path errors = folder.resolve("errors.txt");
        int code =
                new ProcessBuilder(
                                Tools.executable(NODE).toString(),
                                script.toString(),
                                Tools.executable("hyparquet").toString(),
                                file.toString())
                        .redirectOutput(out.toFile())
                        .redirectError(errors.toFile())
                        .start()
                        .waitFor();
        assertThat(code).as(Files.readString(errors)).isZero();
        return new ObjectMapper().readTree(out.toFile());
    }
}
