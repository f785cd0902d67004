package io.delivery.lane;

import io.delivery.home.LaneEntry;
import io.delivery.log.Log;
import io.delivery.log.LogReader;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a lane has read its log. Belongs to its lane's executor. */
final class LogPosition {
    private static final Logger log = LoggerFactory.getLogger(LogPosition.class);

    private final Log source;
    private LogReader reader;
    private RecordBatch.Cursor cursor;
    private long next;
    private volatile long until = LaneEntry.FOR_EVER;

    /** Told of sequences that cannot be read any more, before what follows them is read. */
    @FunctionalInterface
    interface Gap {
        /** Everything from {@link #next()} to before {@code upTo} is gone. */
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

    /**
     * The record of {@link #next()}, a view that the following call reuses; null when it is not
     * durable yet. {@link #advance()} moves on.
     */
    DeliveryRecord read(Gap gap) throws IOException {
        while (next < until) {
            if (cursor != null) {
                DeliveryRecord record = cursor.next();
                if (record != null) {
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
            if (entry.end() <= next) {
                continue;
            }
            if (entry.firstSequence() > next) {
                long upTo = Math.min(entry.firstSequence(), until);
                gap.passedTo(upTo);
                next = upTo;
                if (next < entry.firstSequence()) {
                    break;
                }
            }
            cursor = entry.batch().cursor();
            for (long skip = entry.firstSequence(); skip < next; skip++) {
                cursor.next();
            }
        }
        return null;
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
