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

    /** Heap that one file may need while it is written, in bytes. */
    long memoryBytes();

    /** How many bytes a file of this many bytes of records may take at most, roughly. */
    long expectedBytes(long inputBytes);
}
