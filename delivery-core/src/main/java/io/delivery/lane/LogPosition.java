package io.delivery.lane;

import io.delivery.home.LaneEntry;
import io.delivery.log.Log;
import io.delivery.log.LogReader;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a lane has read its log. Belongs to its lane's executor. */
final class LogPosition {
    private static final Logger log = LoggerFactory.getLogger(LogPosition.class);

    private final Log source;
    private LogReader reader;
    private RecordBatch.Cursor cursor;
    private long next;
    private final AtomicLong inHandMillis = new AtomicLong();
    private volatile long until = LaneEntry.FOR_EVER;

    /** Is told of sequences that no readable record has, before what follows them is read. */
    @FunctionalInterface
    interface Stretch {
        /** The stretch reaches from {@link #next()} to before {@code upTo}. */
        void passedTo(long upTo);
    }

    LogPosition(Log source, long next) {
        this.source = source;
        this.next = next;
    }

    /** The sequence that is read next. */
    long next() {
        return next;
    }

    /** Nothing from this sequence on is read, from now on. Any thread. */
    void endAt(long sequence) {
        until = sequence;
    }

    /** Whether everything was read that ever will be. */
    boolean atItsEnd() {
        return next >= until;
    }

    /** Every sequence below is durable: nothing else is ever read. */
    long durableEnd() {
        return Math.min(source.durableEnd(), until);
    }

    /** Durable bytes from here on. */
    long unreadBytes() {
        long behind = until == LaneEntry.FOR_EVER ? 0 : source.durableBytesFrom(until);
        return source.durableBytesFrom(next) - behind;
    }

    /** Durable bytes from this sequence, which was read, to {@link #next()}, approximately. */
    long logBytesFrom(long sequence) {
        return source.durableBytesFrom(sequence) - source.durableBytesFrom(next);
    }

    /**
     * The record of {@link #next()}, a view that the following call reuses; null when it is not
     * durable yet. {@link #advance()} moves on.
     *
     * @param lost told of damage on the way
     * @param absent told of sequences on the way that no record has
     */
    DeliveryRecord read(Stretch lost, Stretch absent) throws IOException {
        while (next < until) {
            if (cursor != null) {
                DeliveryRecord record = cursor.next();
                if (record != null) {
                    inHandMillis.lazySet(record.arrivalMillis()); // no fence for each record
                    return record;
                }
                cursor = null;
            }
            if (reader == null) {
                if (source.durableEnd() <= next) {
                    return null;
                }
                reader = source.read(next);
            }
            LogReader.Entry entry = reader.next();
            if (entry == null) {
                return null;
            }
            if (entry.firstSequence() > next) {
                throw new IllegalStateException(
                        "a log reader went from %d on to %s".formatted(next, entry));
            }
            if (entry.end() <= next) {
                continue;
            }
            if (entry instanceof LogReader.Records records) {
                cursor = records.batch().cursor();
                for (long skip = records.firstSequence(); skip < next; skip++) {
                    cursor.next();
                }
            } else if (entry instanceof LogReader.Lost) {
                pass(entry, lost);
            } else if (entry instanceof LogReader.Absent) {
                pass(entry, absent);
            } else {
                throw new IllegalStateException("an entry of an unknown kind: " + entry);
            }
        }
        return null;
    }

    private void pass(LogReader.Entry entry, Stretch told) {
        long upTo = Math.min(entry.end(), until);
        told.passedTo(upTo);
        next = upTo;
    }

    /** Arrival of the record that was read last in this step; 0 when none was. Any thread. */
    long inHandMillis() {
        return inHandMillis.get();
    }

    /** The step has ended: nothing that it read is in hand any more. */
    void nothingInHand() {
        inHandMillis.set(0);
    }

    /** The record was taken. */
    void advance() {
        next++;
    }

    /** Goes back to this sequence. */
    void returnTo(long sequence) {
        close();
        next = sequence;
    }

    void close() {
        cursor = null;
        if (reader != null) {
            try {
                reader.close();
            } catch (IOException failed) {
                log.debug("log reader not closed", failed);
            }
            reader = null;
        }
    }
}
