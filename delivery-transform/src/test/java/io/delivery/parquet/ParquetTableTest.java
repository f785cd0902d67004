package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));

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
