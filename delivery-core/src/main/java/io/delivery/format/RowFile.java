package io.delivery.format;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** A file of rows that is being written. Not thread-safe. */
public interface RowFile extends Closeable {
    /**
     * Why the rows of one record cannot be written as they are; empty when they can. It is asked
     * before they are written, and says nothing of what is in them.
     */
    default Optional<String> misfit(RowBuffer rows) {
        return Optional.empty();
    }

    /**
     * Writes all rows of one record, which can be written.
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
