package io.delivery.log;

import io.delivery.record.RecordBatch;
import java.io.Closeable;
import java.io.IOException;

/** Reads a log in order. Used by one thread at a time; belongs to one lane. */
public interface LogReader extends Closeable {
    /**
     * What comes next. Entries follow each other without gaps: the first begins at the sequence
     * from which reading began, or in front of it when that is in the middle of a batch; every
     * other one begins where the one before it ends. So the meaning of each durable sequence is
     * told once, also where nothing readable follows; what was told as lost or as absent is not
     * given as a record later.
     *
     * @return null when everything durable has been told; asking again later is right
     * @throws IOException when the medium does not answer; asking again goes on at the same place
     */
    Entry next() throws IOException;

    /** Gives back what the reader holds. May be called twice; nothing is asked of it afterwards. */
    @Override
    void close() throws IOException;

    /** What some sequences in a row mean. */
    sealed interface Entry {
        /** The first of them. */
        long firstSequence();

        /** The sequence behind the last of them; above {@link #firstSequence()}. */
        long end();
    }

    /**
     * Records with sequences in a row. If reading began in the middle of a batch, the whole batch
     * may be given, and the reader's owner skips what lies before its position.
     *
     * @param batch not empty; its bytes are valid until the next call of the reader
     */
    record Records(long firstSequence, RecordBatch batch) implements Entry {
        @Override
        public long end() {
            return firstSequence + batch.count();
        }
    }

    /**
     * Each of these sequences was given to a record that cannot be read any more. That is damage,
     * and the books count it.
     */
    record Lost(long firstSequence, long end) implements Entry {}

    /**
     * No record has any of these sequences, and no record is missing. They are no damage, and the
     * books do not count them.
     */
    record Absent(long firstSequence, long end) implements Entry {}
}
