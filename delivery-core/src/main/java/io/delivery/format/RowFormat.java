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

    /** What files of a table take. */
    FileSizes sizes(TableSchema table);

    /**
     * What files take as long as nobody has seen their table: the memory of those of few columns,
     * and the bytes of those that grow most.
     */
    FileSizes sizesOfUnknownTable();
}
