package io.delivery.format;

import java.io.Closeable;
import java.io.IOException;

/** A file of rows that is being written. Not thread-safe. */
public interface RowFile extends Closeable {
    /**
     * Writes all rows of one record.
     *
     * @param rows of the table that the file was begun with; copied as far as it is needed later
     */
    void write(RowBuffer rows) throws IOException;

    /** Writes what is left, and the footer. A file without rows is complete too. */
    void finish() throws IOException;

    /** Gives memory back. Without {@link #finish} what was written is no file. */
    @Override
    void close() throws IOException;
}
