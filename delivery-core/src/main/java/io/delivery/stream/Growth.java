package io.delivery.stream;

/** How fast a number of bytes grows, smoothed over about ten seconds. One thread at a time. */
final class Growth {
    private static final double SMOOTHING_SECONDS = 10;

    private double bytesPerSecond;
    private long lastBytes;
    private long lastNanos;
    private boolean begun;

    /** Seconds until the limit is reached at the present rate; infinite when it does not grow. */
    double secondsUntil(long limit, long bytes, long nanos) {
        double seconds = (nanos - lastNanos) / 1e9;
        if (begun && seconds > 0) {
            double weight = Math.min(1, seconds / SMOOTHING_SECONDS);
            double now = (bytes - lastBytes) / seconds;
            bytesPerSecond += weight * (now - bytesPerSecond);
        }
        begun = true;
        lastBytes = bytes;
        lastNanos = nanos;
        return bytesPerSecond <= 0
                ? Double.POSITIVE_INFINITY
                : Math.max(0, limit - bytes) / bytesPerSecond;
    }
}
