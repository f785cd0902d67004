package io.delivery.parquet;

import static io.delivery.parquet.DuckDbReader.parquet;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.parquet.ParquetSettings.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Any table, any records: what a simple conversion expects is what a reader of the file sees. */
class RandomRowsTest {
    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void records_become_what_a_plain_conversion_makes_of_them(
            @ForAll long seed, @ForAll Version version) throws Exception {
        RandomRecords made = RandomRecords.of(seed);
        Path file = Files.createTempFile("rows", ".parquet");

        try (DuckDbReader lake = new DuckDbReader()) {
            made.write(
                    file, new ParquetFormat(ParquetSettings.DEFAULTS.withWriterVersion(version)));

            assertThat(new ParquetJavaReader(file).rows())
                    .as(made.types().toString())
                    .isEqualTo(made.expected());
            assertThat(lake.values("FROM " + parquet(file)))
                    .as(made.types().toString())
                    .extracting(row -> ForeignRow.text(row, made.types()))
                    .isEqualTo(made.expected());
        } finally {
            Files.delete(file);
        }
    }
}
