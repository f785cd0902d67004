package io.delivery.log;

import io.delivery.record.RecordBatch;
import java.io.Closeable;
import java.io.IOException;

/** Reads a log in order. Used by one thread at a time. */
public interface LogReader extends Closeable {
    /**
     * The next durable batch.
     *
     * <p>Damage is passed, exactly: with {@code p} the sequence from which reading began, or the
     * highest {@link Entry#end()} so far if that is more, an entry whose first sequence lies above
     * {@code p} says that the records of [p, firstSequence) were durable and cannot be read any
     * more, and that every other one of them has been given. Where nothing readable follows, at the
     * end of the log, such an entry has a batch without records; a lost stretch never stays untold
     * until the next append. What was told as lost is not given later.
     *
     * @return null when everything durable has been read or told as lost; asking again later is
     *     right
     * @throws IOException when the disk does not answer; asking again goes on at the same place
     */
    Entry next() throws IOException;

    /**
     * One batch and the sequence of its first record. If reading began in the middle of a batch,
     * the whole batch is given and the reader's owner skips what lies before its position.
     *
     * @param batch without records when only a lost stretch is told
     */
    record Entry(long firstSequence, RecordBatch batch) {
        /** The sequence behind the batch's last record. */
        public long end() {
            return firstSequence + batch.count();
        }
    }
}
