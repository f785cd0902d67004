package io.delivery.format;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A configured file format for typed rows, such as Parquet. Thread-safe: its files are written side
 * by side, each on a thread of its own.
 */
public interface RowFormat {
    /** What people call it, for example {@code Parquet}. */
    String name();

    /** Ending of the object's name, with its dot, for example {@code .parquet}. */
    String extension();

    /**
     * Begins a file.
     *
     * @param out gets the file's bytes; not closed here
     */
    RowFile begin(TableSchema schema, OutputStream out) throws IOException;

    /**
     * What files of a table take.
     *
     * @param options how their records are read: one key of a record may fill several columns, and
     *     fields that no column takes may be kept
     */
    FileSizes sizes(TableSchema table, DecoderOptions options);

    /** The same, of records that are read as the table says. */
    default FileSizes sizes(TableSchema table) {
        return sizes(table, DecoderOptions.DEFAULTS);
    }

    /**
     * What files take as long as nobody has seen their table: the memory of those of few columns,
     * and the bytes of those that grow most.
     */
    FileSizes sizesOfUnknownTable();
}
