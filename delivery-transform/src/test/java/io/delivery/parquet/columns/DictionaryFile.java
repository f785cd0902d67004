package io.delivery.parquet.columns;

import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.RowFile;
import io.delivery.format.TableSchema;
import io.delivery.parquet.ParquetFormat;
import io.delivery.parquet.ParquetSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the file whose dictionaries take most memory: values repeat until the first page of each
 * column has been written with one, and then no value comes again. In a process of its own, whose
 * heap says whether the memory is enough.
 */
final class DictionaryFile {
    /** More than a page has. */
    private static final int REPEATED = 50_000;

    /** The row group is full of values without a dictionary behind those that filled it. */
    private static final int ROWS = 2_000_000;

    private DictionaryFile() {}

    /** Arguments: the type of the columns, how many there are, and the version of the pages. */
    public static void main(String[] args) throws IOException {
        boolean isText = args[0].equals("string");
        int width = Integer.parseInt(args[1]);
        List<TableSchema.Column> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            columns.add(new TableSchema.Column("c" + i, HiveTypes.parse(args[0])));
        }
        TableSchema table =
                new TableSchema("db", "t", "1", columns, List.of(), JsonSerDe.OpenX.DEFAULTS);
        ParquetFormat format =
                new ParquetFormat(
                        ParquetSettings.DEFAULTS.withWriterVersion(
                                ParquetSettings.Version.valueOf(args[2])));
        RowBuffer rows = new RowBuffer();
        byte[] text = new byte[4];
        try (RowFile file = format.begin(table, OutputStream.nullOutputStream())) {
            for (int row = 0; row < ROWS; row++) {
                rows.clear();
                int first = rows.addRow(width);
                int value = row < REPEATED ? row % 10 : row;
                for (int i = 0; i < width; i++) {
                    if (isText) {
                        rows.setBytes(first + i, text, 0, text(value, text));
                    } else {
                        rows.setNumber(first + i, value);
                    }
                }
                file.write(rows);
            }
            file.finish();
        }
    }

    /** The shortest texts that there are so many of. */
    private static int text(int value, byte[] text) {
        int length = 0;
        for (int rest = value; rest > 0 || length == 0; rest /= 200) {
            text[length++] = (byte) (' ' + rest % 200);
        }
        return length;
    }
}
