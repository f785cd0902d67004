package io.delivery.log;

import io.delivery.record.RecordBatch;
import java.io.Closeable;
import java.io.IOException;

/** Reads a log in order. Used by one thread at a time. */
public interface LogReader extends Closeable {
    /**
     * The next durable batch.
     *
     * @return null when everything durable has been read; asking again later is right
     * @throws DamagedLogException when bytes that were durable cannot be read any more
     */
    Entry next() throws IOException;

    /**
     * One batch and the sequence of its first record. If reading began in the middle of a batch,
     * the whole batch is given and the reader's owner skips what lies before its position.
     */
    record Entry(long firstSequence, RecordBatch batch) {
        /** The sequence behind the batch's last record. */
        public long end() {
            return firstSequence + batch.count();
        }
    }
}
