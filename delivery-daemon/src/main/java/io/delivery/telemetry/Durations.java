package io.delivery.telemetry;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The durations of one stream in one histogram: a number for each bucket, and their sum. All of it
 * is one array, 192 bytes. Thread-safe; whoever reads while a duration is added may see it in its
 * bucket and not in the sum yet.
 */
final class Durations {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Upper bounds in seconds: from 0.1 ms, a fast fsync, to a minute, a slow store. */
    private static final double[] BOUNDS = {
        0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        30,
        60,
        Double.POSITIVE_INFINITY
    };

    /** Behind the numbers of the buckets: the bits of the sum, a double, seconds. */
    private static final int SUM = BOUNDS.length;

    private final AtomicLongArray values = new AtomicLongArray(BOUNDS.length + 1);

    void add(long nanos) {
        double seconds = nanos / NANOS_PER_SECOND;
        int at = Arrays.binarySearch(BOUNDS, seconds);
        values.incrementAndGet(at < 0 ? -at - 1 : at);
        long before;
        do {
            before = values.get(SUM);
        } while (!values.compareAndSet(SUM, before, plus(before, seconds)));
    }

    private static long plus(long bits, double seconds) {
        return Double.doubleToRawLongBits(Double.longBitsToDouble(bits) + seconds);
    }

    HistogramDataPointSnapshot snapshot(Labels labels) {
        double sum = Double.longBitsToDouble(values.get(SUM)); // before: see above
        long[] counts = new long[BOUNDS.length];
        Arrays.setAll(counts, values::get);
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .sum(sum)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, counts))
                .build();
    }
}
