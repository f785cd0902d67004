package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetTableTest {
    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(PageCompression.class)
    void what_was_written_is_read_back_whatever_the_compression(PageCompression compression)
            throws IOException {
        Path file = folder.resolve("rows.parquet");
        write(
                file,
                compression,
                "{\"id\":1,\"name\":\"é\",\"at\":\"2020-10-09T22:30:01.952Z\",\"tags\":[\"a\"]}",
                "{\"id\":9223372036854775807,\"ok\":true}",
                "{\"id\":3}");

        try (ParquetTable table = ParquetTable.open(file)) {
            assertThat(table.rowCount()).isEqualTo(3);
            assertThat(table.columns()).containsExactly("id", "name", "at", "ok", "tags");
            assertThat(table.firstRows(2, List.of("name", "id", "at", "ok")))
                    .containsExactly(
                            List.of("é", "1", "2020-10-09T22:30:01.952Z", ""),
                            List.of("", "9223372036854775807", "", "true"));
        }
    }

    @ParameterizedTest
    @EnumSource(PageCompression.class)
    void pages_of_version_2_are_read_too(PageCompression compression) throws IOException {
        Path file = folder.resolve("rows.parquet");
        write(
                file,
                ParquetSettings.DEFAULTS
                        .withCompression(compression)
                        .withWriterVersion(ParquetSettings.Version.V2),
                "{\"id\":1,\"name\":\"a\"}",
                "{\"id\":2}",
                "{\"id\":3,\"name\":\"a\"}");

        try (ParquetTable table = ParquetTable.open(file)) {
            assertThat(table.firstRows(9, List.of("id", "name")))
                    .containsExactly(List.of("1", "a"), List.of("2", ""), List.of("3", "a"));
        }
    }

    @Test
    void a_file_without_rows_has_none() throws IOException {
        Path file = folder.resolve("rows.parquet");
        write(file, PageCompression.SNAPPY);

        try (ParquetTable table = ParquetTable.open(file)) {
            assertThat(table.rowCount()).isZero();
            assertThat(table.firstRows(5, List.of("id"))).isEmpty();
        }
    }

    /** The corners of every type, as the reader that the other tests use shows them. */
    @ParameterizedTest
    @EnumSource(ParquetSettings.Timestamps.class)
    void all_rows_are_read_with_the_values_of_their_types(ParquetSettings.Timestamps timestamps)
            throws IOException {
        Path file = folder.resolve("rows.parquet");
        for (CornerValues corners : CornerValues.all()) {
            Objects.encode(
                    file,
                    ParquetSettings.DEFAULTS.withTimestamps(timestamps),
                    Objects.table("v " + corners.type()),
                    corners.json().stream().map(value -> "{\"v\":" + value + "}"));
            try (ParquetTable table = ParquetTable.open(file)) {
                assertThat(table.rows().stream().map(row -> seen(row.get("v"), corners.type())))
                        .as(corners.type())
                        .containsExactlyElementsOf(new ParquetJavaReader(file).rows());
            }
        }
    }

    private static String seen(Object value, String type) {
        return value instanceof BigDecimal decimal
                ? decimal.toPlainString()
                : type.equals("float") && value instanceof Double number
                        ? String.valueOf(number.floatValue())
                        : String.valueOf(value);
    }

    @Test
    void rows_hold_lists_maps_and_structs() throws IOException {
        Path file = folder.resolve("rows.parquet");
        Objects.encode(
                file,
                ParquetSettings.DEFAULTS,
                Objects.table(
                        "id bigint",
                        "tags array<string>",
                        "sums map<string,int>",
                        "who struct<name:string,born:date>"),
                Stream.of(
                        "{\"id\":1,\"tags\":[\"a\",null],\"sums\":{\"x\":2},\"who\":{\"born\":\"1815-12-10\"}}",
                        "{\"tags\":[],\"sums\":{}}"));

        Map<String, Object> who = new HashMap<>();
        who.put("name", null);
        who.put("born", LocalDate.of(1815, 12, 10));
        Map<String, Object> second = new HashMap<>();
        second.put("id", null);
        second.put("tags", List.of());
        second.put("sums", Map.of());
        second.put("who", null);
        try (ParquetTable table = ParquetTable.open(file)) {
            assertThat(table.rows())
                    .containsExactly(
                            Map.of(
                                    "id",
                                    1L,
                                    "tags",
                                    Arrays.asList("a", null),
                                    "sums",
                                    Map.of("x", 2L),
                                    "who",
                                    who),
                            second);
        }
    }

    @Test
    void a_column_that_is_not_there_is_named() throws IOException {
        Path file = folder.resolve("rows.parquet");
        write(file, PageCompression.SNAPPY, "{\"id\":1}");

        try (ParquetTable table = ParquetTable.open(file)) {
            assertThatThrownBy(() -> table.firstRows(1, List.of("nobody")))
                    .hasMessage("there is no plain column nobody");
        }
    }

    @Test
    void half_a_file_is_refused() throws IOException {
        Path file = folder.resolve("rows.parquet");
        write(file, PageCompression.SNAPPY, "{\"id\":1}");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> ParquetTable.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a whole Parquet file");
    }

    private static void write(Path file, PageCompression compression, String... records)
            throws IOException {
        write(file, ParquetSettings.DEFAULTS.withCompression(compression), records);
    }

    private static void write(Path file, ParquetSettings settings, String... records)
            throws IOException {
        Objects.encode(
                file,
                settings,
                Objects.table(
                        "id bigint",
                        "name string",
                        "at timestamp",
                        "ok boolean",
                        "tags array<string>"),
                Stream.of(records));
    }
}
