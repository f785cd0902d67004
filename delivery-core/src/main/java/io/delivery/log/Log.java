package io.delivery.log;

import java.io.IOException;

/**
 * An ordered log of records: the embedded journal, a partition of a topic, a frozen list of objects
 * to replay. Thread-safe.
 *
 * <p>A sequence below {@link #durableEnd()} has one of three meanings, and what it means is told by
 * the {@link LogReader.Entry} that it is in:
 *
 * <ul>
 *   <li>it was given to one record, which can be read, and it is never given to another;
 *   <li>it was given to a record that the medium has <i>lost</i>;
 *   <li>it is <i>absent</i>: no record has it, and none is missing. It was given to a mark of the
 *       log's own, or to a record that the log has withdrawn: one of a transaction that was
 *       aborted, or one that a newer record with its key has replaced. A record may be withdrawn
 *       between two readings; an absent sequence never becomes a record.
 * </ul>
 */
public interface Log {
    /**
     * The first sequence that has not been given yet. Every accepted record is below; what lies
     * between {@link #durableEnd()} and here may still be decided.
     */
    long nextSequence();

    /** Everything below is durable and decided, and may be read. Never goes back. */
    long durableEnd();

    /**
     * The smallest sequence that can still be read: what is below was forgotten or lost. {@link
     * #durableEnd()} when nothing can be read.
     */
    long begin();

    /**
     * Bytes of durable records at or behind this sequence, approximately: how far a reader lags. 0
     * at {@link #durableEnd()} and behind it.
     */
    long durableBytesFrom(long sequence);

    /**
     * Reads in order from this sequence on. Readers know nothing of each other.
     *
     * @param fromSequence from 0 to {@link #durableEnd()}; nothing from here on was permitted to be
     *     forgotten. What of it lies below {@link #begin()} is told as lost, like any other damage
     */
    LogReader read(long fromSequence) throws IOException;

    /**
     * Calls back after {@link #durableEnd()} has moved, on any thread, for as long as the log is
     * open. The listener only schedules: it never blocks. One that fails keeps neither the log nor
     * other listeners from going on.
     */
    void onDurable(Runnable listener);

    /**
     * Permits to forget everything below: every lane that reads this log has committed it. Never
     * taken back by a smaller sequence; what is not durable yet is not forgotten. The log may keep
     * what it was permitted to forget, for as long as it likes.
     */
    void forgetBelow(long sequence);
}
