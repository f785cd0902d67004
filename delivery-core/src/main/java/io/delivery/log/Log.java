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
     * The first sequence that has not been given yet. Every accepted record has a smaller one. What
     * the sequences from {@link #durableEnd()} to here mean may not be decided yet.
     */
    long nextSequence();

    /**
     * Every sequence below is durable, its meaning is decided, and it may be read. The durable end
     * never goes back.
     */
    long durableEnd();

    /**
     * The smallest sequence that can still be read: the log has forgotten or lost every sequence
     * below it. Equal to {@link #durableEnd()} when nothing can be read.
     */
    long begin();

    /**
     * Bytes of the durable records at or behind this sequence, approximately: they tell how far a
     * reader lags. The answer is 0 at {@link #durableEnd()} and behind it.
     */
    long durableBytesFrom(long sequence);

    /**
     * Reads in order from this sequence on. Readers know nothing of each other.
     *
     * @param fromSequence from 0 to {@link #durableEnd()}. Nobody has permitted the log to forget
     *     this sequence or a later one, so what lies between it and {@link #begin()} is damage: the
     *     reader tells it as {@link LogReader.Lost}
     */
    LogReader read(long fromSequence) throws IOException;

    /**
     * Calls back after {@link #durableEnd()} has moved, on any thread, for as long as the log is
     * open. The listener only schedules: it never blocks. One that fails keeps neither the log nor
     * other listeners from going on.
     */
    void onDurable(Runnable listener);

    /**
     * Permits the log to forget every sequence below this one: every lane that reads the log has
     * committed them. A later call with a smaller sequence changes nothing. The log never forgets
     * what is not durable yet, and it may keep what it is permitted to forget for as long as it
     * likes.
     */
    void forgetBelow(long sequence);
}
