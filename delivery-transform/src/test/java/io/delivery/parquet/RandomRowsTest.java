package io.delivery.parquet;

import static io.delivery.parquet.DuckDbReader.parquet;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.ColumnType;
import io.delivery.format.TableSchema;
import io.delivery.parquet.ParquetSettings.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Any table, any records: what a simple conversion expects is what a reader of the file sees. */
class RandomRowsTest {
    private static final int RECORDS = 40;

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void records_become_what_a_plain_conversion_makes_of_them(
            @ForAll long seed, @ForAll Version version) throws Exception {
        RandomRows invented = new RandomRows(seed);
        List<ColumnType> types = invented.types();
        List<String> records = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        List<Long> misfits = new ArrayList<>();
        for (long number = 0; number < RECORDS; number++) {
            String record = invented.record(types);
            records.add(record);
            Optional<String> row = ExpectedRow.of(record, types);
            row.ifPresent(expected::add);
            if (row.isEmpty()) {
                misfits.add(number);
            }
        }
        Path file = Files.createTempFile("rows", ".parquet");

        try (DuckDbReader lake = new DuckDbReader()) {
            Map<Long, ?> rejected =
                    Objects.encode(
                            file,
                            ParquetSettings.DEFAULTS.withWriterVersion(version),
                            table(types),
                            records.stream());

            assertThat(rejected.keySet()).as(types.toString()).containsExactlyElementsOf(misfits);
            assertThat(new ParquetJavaReader(file).rows()).as(types.toString()).isEqualTo(expected);
            // Rows as text: every value of them has to be decoded.
            assertThat(lake.rows("SELECT t::VARCHAR FROM " + parquet(file) + " t"))
                    .hasSameSizeAs(expected);
        } finally {
            Files.delete(file);
        }
    }

    private static TableSchema table(List<ColumnType> types) {
        String[] columns = new String[types.size()];
        for (int column = 0; column < columns.length; column++) {
            columns[column] = "c" + column + " " + types.get(column);
        }
        return Objects.table(columns);
    }
}
