package io.delivery.log;

import java.io.IOException;

/** An ordered log of records. Thread-safe. */
public interface Log {
    /** The first sequence that has not been given yet: every accepted record is below. */
    long nextSequence();

    /** Everything below is durable and may be read. Never goes back. */
    long durableEnd();

    /** The smallest sequence that can still be read. */
    long begin();

    /**
     * Bytes of durable records at or behind this sequence, approximately: how far a reader lags.
     */
    long durableBytesFrom(long sequence);

    /**
     * Reads in order from this sequence on. The reader belongs to one lane.
     *
     * @param fromSequence at least {@link #begin()}
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
