package io.delivery.orc;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.format.ColumnType;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.RowFile;
import io.delivery.format.RowFormat;
import io.delivery.format.TableSchema;
import io.delivery.parquet.DuckDbReader;
import io.delivery.parquet.ParquetFormat;
import io.delivery.parquet.ParquetSettings;
import io.delivery.testkit.orc.OrcContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Rows of tables that chance makes, as ORC and as Parquet: both files read back as the rows that
 * were written, by readers of others.
 */
class SameRowsPropertyTest {
    @Property(tries = 150)
    void rows_of_any_table_read_back_from_orc(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 3000) int rows) throws Exception {
        Random random = new Random(seed);
        RandomRows made = RandomRows.of(random, rows);
        Orc settings =
                new Orc(
                        OrcCompression.values()[random.nextInt(OrcCompression.values().length)],
                        8 << 20,
                        1000,
                        Optional.empty(),
                        Optional.empty(),
                        random.nextInt(3) / 2.0,
                        OrcVersion.V0_12);

        byte[] file = write(new OrcFormat(settings), made);

        try (OrcContent content = OrcContent.of(file)) {
            assertThat(content.rows()).isEqualTo(made.values());
        }
    }

    @Property(tries = 40)
    void rows_of_any_table_read_back_from_parquet_by_duckdb(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 300) int rows) throws Exception {
        RandomRows made = RandomRows.of(new Random(seed), rows);

        byte[] bytes = write(new ParquetFormat(ParquetSettings.DEFAULTS), made);

        Path file = Files.createTempFile("rows", ".parquet");
        try (DuckDbReader lake = new DuckDbReader()) {
            Files.write(file, bytes);
            assertThat(lake.values("FROM " + DuckDbReader.parquet(file))).isEqualTo(made.values());
        } finally {
            Files.delete(file);
        }
    }

    private static byte[] write(RowFormat format, RandomRows made) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TableSchema table =
                new TableSchema("db", "t", "1", columns(made), List.of(), JsonSerDe.OpenX.DEFAULTS);
        RowBuffer buffer = new RowBuffer();
        try (RowFile file = format.begin(table, out)) {
            for (List<Object> row : made.values()) {
                buffer.clear();
                made.put(row, buffer);
                file.write(buffer);
            }
            file.finish();
        }
        return out.toByteArray();
    }

    private static List<TableSchema.Column> columns(RandomRows made) {
        List<TableSchema.Column> columns = new ArrayList<>();
        for (ColumnType type : made.types()) {
            columns.add(new TableSchema.Column("c" + columns.size(), type));
        }
        return columns;
    }
}
