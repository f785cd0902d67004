package io.delivery.log;

import java.io.IOException;

/**
 * An ordered log of records. Thread-safe.
 *
 * <p>A sequence below {@link #durableEnd()} was given to one record and is never given to another.
 * Damage may have taken that record: {@link LogReader#next} then passes its sequence.
 */
public interface Log {
    /** The first sequence that has not been given yet: every accepted record is below. */
    long nextSequence();

    /** Everything below is durable and may be read. Never goes back. */
    long durableEnd();

    /** The smallest sequence that can still be read: what is below was forgotten or lost. */
    long begin();

    /**
     * Bytes of durable records at or behind this sequence, approximately: how far a reader lags.
     */
    long durableBytesFrom(long sequence);

    /**
     * Reads in order from this sequence on. The reader belongs to one lane.
     *
     * @param fromSequence nothing from here on was permitted to be forgotten. What of it lies below
     *     {@link #begin()} was lost, and is passed like any other damage
     */
    LogReader read(long fromSequence) throws IOException;

    /**
     * Calls back after {@link #durableEnd()} has moved. The listener only schedules; it never
     * blocks.
     */
    void onDurable(Runnable listener);

    /** Permits to forget everything below: it has been committed by every lane. */
    void forgetBelow(long sequence);
}
