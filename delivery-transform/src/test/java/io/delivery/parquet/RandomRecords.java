package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.ColumnType;
import io.delivery.format.RowFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * Records of a table that chance makes, and what a plain conversion makes of them. A seed decides
 * everything.
 *
 * @param types of the columns {@code c0}, {@code c1} and so on
 * @param records what a stream gets
 * @param expected the rows of those that fit, as {@link ParquetJavaReader} shows them
 * @param misfits the numbers of the others
 */
public record RandomRecords(
        List<ColumnType> types, List<String> records, List<String> expected, List<Long> misfits) {
    private static final int RECORDS = 40;

    public static RandomRecords of(long seed) throws Exception {
        return of(seed, (type, value) -> value);
    }

    /**
     * @param shown by the name of a type and a value without parts: how a reader shows it
     */
    static RandomRecords of(long seed, BinaryOperator<String> shown) throws Exception {
        RandomRows invented = new RandomRows(seed);
        List<ColumnType> types = invented.types();
        List<String> records = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        List<Long> misfits = new ArrayList<>();
        for (long number = 0; number < RECORDS; number++) {
            String record = invented.record(types);
            records.add(record);
            Optional<String> row = ExpectedRow.of(record, types, shown);
            row.ifPresent(expected::add);
            if (row.isEmpty()) {
                misfits.add(number);
            }
        }
        return new RandomRecords(types, records, expected, misfits);
    }

    /** Writes a file; those that do not fit, and no others, are refused. */
    public void write(Path file, RowFormat format) throws Exception {
        String[] columns = new String[types.size()];
        for (int column = 0; column < columns.length; column++) {
            columns[column] = "c" + column + " " + types.get(column);
        }
        Map<Long, ?> rejected =
                Objects.encode(
                        file, Objects.factory(format, Objects.table(columns)), records.stream());
        assertThat(rejected.keySet()).as(types.toString()).containsExactlyElementsOf(misfits);
    }
}
