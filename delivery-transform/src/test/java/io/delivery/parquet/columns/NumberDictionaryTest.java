package io.delivery.parquet.columns;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.RowFile;
import io.delivery.format.TableSchema;
import io.delivery.parquet.ParquetFormat;
import io.delivery.parquet.ParquetJavaReader;
import io.delivery.parquet.ParquetSettings;
import io.delivery.parquet.ParquetTable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that somebody has made up to meet each other in a dictionary. */
class NumberDictionaryTest {
    /** All of them want one place of a table that has so many. */
    private static final int TABLE = 1 << 12;

    private static final long[] MADE_UP =
            LongStream.range(0, Long.MAX_VALUE)
                    .filter(number -> (BytesDictionary.mixed(number) & TABLE - 1) == 0)
                    .limit(2 * NumberDictionary.MAX_PROBES)
                    .toArray();

    @TempDir Path folder;

    @Test
    void a_number_that_meets_too_many_others_is_not_taken() {
        NumberDictionary dictionary = new NumberDictionary();
        for (int id = 0; id < NumberDictionary.MAX_PROBES; id++) {
            assertThat(dictionary.idOf(MADE_UP[id])).isEqualTo(id);
        }

        assertThat(dictionary.idOf(MADE_UP[NumberDictionary.MAX_PROBES]))
                .isEqualTo(NumberDictionary.NOT_TAKEN);
        assertThat(dictionary.idOf(MADE_UP[7])).isEqualTo(7);
    }

    /** Without a bound each of them would be compared with all before it. */
    @Test
    void of_numbers_of_one_hash_no_more_are_taken_however_many_come() {
        NumberDictionary dictionary = new NumberDictionary();
        int taken = 0;
        for (int i = 0; i < 200_000; i++) {
            long number = MadeUp.number(0x5EED5EEDL << 32 | i);
            assertThat(BytesDictionary.mixed(number)).isEqualTo(0x5EED5EED);
            taken += dictionary.idOf(number) == NumberDictionary.NOT_TAKEN ? 0 : 1;
        }

        assertThat(taken).isEqualTo(NumberDictionary.MAX_PROBES);
    }

    /** As many at each place as are not given up, in a table that grows again and again. */
    @Test
    void made_up_numbers_that_are_taken_are_found_again_after_the_table_has_grown() {
        NumberDictionary dictionary = new NumberDictionary();
        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            int place =
                    i / (NumberDictionary.MAX_PROBES - 1) * 2 * (NumberDictionary.MAX_PROBES - 1);
            long number = MadeUp.number((long) place << 32 | i);
            if (dictionary.idOf(number) != NumberDictionary.NOT_TAKEN) {
                taken.add(number);
            }
        }

        assertThat(taken).hasSizeGreaterThan(90_000);
        for (int id = 0; id < taken.size(); id++) {
            assertThat(dictionary.idOf(taken.get(id))).isEqualTo(id);
        }
    }

    @Test
    void its_column_is_written_without_a_dictionary() throws IOException {
        TableSchema table =
                new TableSchema(
                        "db",
                        "t",
                        "1",
                        List.of(new TableSchema.Column("n", Primitive.BIGINT)),
                        List.of(),
                        JsonSerDe.OpenX.DEFAULTS);
        Path path = folder.resolve("numbers.parquet");
        try (OutputStream out = Files.newOutputStream(path);
                RowFile file = new ParquetFormat(ParquetSettings.DEFAULTS).begin(table, out)) {
            RowBuffer rows = new RowBuffer();
            for (int i = 0; i < 4 * MADE_UP.length; i++) {
                rows.clear();
                rows.setNumber(rows.addRow(1), MADE_UP[i % MADE_UP.length]);
                file.write(rows);
            }
            file.finish();
        }

        try (ParquetTable read = ParquetTable.open(path)) {
            assertThat(read.rows())
                    .extracting(row -> row.get("n"))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 4 * MADE_UP.length)
                                    .<Object>mapToObj(i -> MADE_UP[i % MADE_UP.length])
                                    .toList());
        }
        assertThat(new ParquetJavaReader(path).footer().getBlocks().get(0).getColumns())
                .as("its numbers repeat, so it would have a dictionary")
                .noneMatch(column -> column.getEncodingStats().hasDictionaryPages());
    }
}
