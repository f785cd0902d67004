package io.delivery.world;

/**
 * What time it is. Intervals are measured on {@link #nanoTime()}, dates come from {@link
 * #millis()}.
 */
public interface Clock {
    /** Wall clock, milliseconds since the epoch. May jump in either direction. */
    long millis();

    /** Monotonic nanoseconds since an arbitrary origin. Never goes back while the process lives. */
    long nanoTime();
}
