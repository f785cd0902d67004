package io.delivery.journal;

import io.delivery.record.RecordBatch;
import java.nio.file.Path;

/** Is shown what {@link JournalInspection} finds, in the order of sequences. */
public interface JournalVisitor {
    /**
     * The records of one frame; the first and the last of them may lie outside of what was asked
     * for.
     *
     * @param offset of the frame in the file
     * @param batch valid until this returns
     */
    void records(Path file, long offset, long firstSequence, RecordBatch batch);

    /**
     * A frame whose records are whole, and encrypted with a key that was not given.
     *
     * @param count of its records
     */
    default void encrypted(
            Path file, long offset, long firstSequence, int count, long arrivalMillis) {}

    /** Records that were durable cannot be read. */
    default void damaged(JournalDamage damage) {}
}
