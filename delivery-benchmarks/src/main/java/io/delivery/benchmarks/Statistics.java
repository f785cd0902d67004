package io.delivery.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Medians, percentiles, and how they are printed. */
final class Statistics {
    private Statistics() {}

    static <T> double median(List<T> runs, ToDoubleFunction<T> value) {
        double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The value that this part of the others does not exceed.
     *
     * @param part from 0 to 1
     */
    static long percentile(long[] values, double part) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        int index = (int) Math.ceil(part * sorted.length) - 1;
        return sorted[Math.max(0, index)];
    }

    static double megabytes(long bytes) {
        return bytes / 1e6;
    }

    static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
    }

    static void line(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
