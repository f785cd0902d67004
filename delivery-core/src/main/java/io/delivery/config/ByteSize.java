package io.delivery.config;

import java.util.Locale;

/** How a number of bytes reads: units count in 1024, as Firehose's MBs do. */
public final class ByteSize {
    private static final String[] UNITS = {"bytes", "KB", "MB", "GB"};

    private ByteSize() {}

    /** Short, for people: {@code 64 MB}, {@code 1.5 GB}. */
    public static String text(long bytes) {
        int unit = 0;
        while (unit < 3 && bytes >= 1L << 10 * (unit + 1)) {
            unit++;
        }
        double value = bytes / Math.pow(1024, unit);
        return String.format(Locale.ROOT, "%,.1f", value).replaceFirst("\\.0$", "")
                + " "
                + (bytes == 1 ? "byte" : UNITS[unit]);
    }

    /** Exact, as a configuration file says it: {@code 64MB}, {@code 1000B}. */
    public static String setting(long bytes) {
        int unit = 0;
        while (unit < 3 && bytes > 0 && bytes % (1L << 10 * (unit + 1)) == 0) {
            unit++;
        }
        return (bytes >> 10 * unit) + (unit == 0 ? "B" : UNITS[unit]);
    }
}
