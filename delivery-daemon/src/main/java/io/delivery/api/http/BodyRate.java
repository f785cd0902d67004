package io.delivery.api.http;

import java.time.Duration;

/**
 * How fast one body must come: so many bytes in every window, so that a fast beginning pays for no
 * slow end; and all of it within the longest time. The first window is free of a rate only as long
 * as it lasts. Not thread-safe.
 */
final class BodyRate {
    /** 16 MiB at half a megabit per second. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private final long windowNanos;
    private final int minBytesPerSecond;
    private final long startNanos;
    private long windowStartNanos;
    private long bytesBefore;
    private String refusal = "";

    /**
     * @param window how long a body may pause, at least; twice that at most
     * @param startNanos now
     */
    BodyRate(Duration window, int minBytesPerSecond, long startNanos) {
        this.windowNanos = window.toNanos();
        this.minBytesPerSecond = minBytesPerSecond;
        this.startNanos = startNanos;
        this.windowStartNanos = startNanos;
    }

    /**
     * Whether the body is to be refused.
     *
     * @param bytes received by now
     */
    boolean tooSlow(long nowNanos, long bytes) {
        if (nowNanos - startNanos > LONGEST.toNanos()) {
            refusal = "The request's body took longer than %d s.".formatted(LONGEST.toSeconds());
            return true;
        }
        long elapsed = nowNanos - windowStartNanos;
        if (elapsed < windowNanos) {
            return false;
        }
        if ((bytes - bytesBefore) * 1e9 < (double) minBytesPerSecond * elapsed) {
            refusal =
                    "The request's body came slower than %d bytes per second."
                            .formatted(minBytesPerSecond);
            return true;
        }
        forgive(nowNanos, bytes);
        return false;
    }

    /** Begins a new window: what has passed was not the client's fault. */
    void forgive(long nowNanos, long bytes) {
        windowStartNanos = nowNanos;
        bytesBefore = bytes;
    }

    /** Bytes per second in this window. */
    double current(long nowNanos, long bytes) {
        return (bytes - bytesBefore) * 1e9 / Math.max(1, nowNanos - windowStartNanos);
    }

    /** Nanoseconds since this window began. */
    long age(long nowNanos) {
        return nowNanos - windowStartNanos;
    }

    /** Why it is too slow. */
    String refusal() {
        return refusal;
    }
}
