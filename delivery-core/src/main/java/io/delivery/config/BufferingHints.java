package io.delivery.config;

import java.util.Optional;

/**
 * When to stop buffering and deliver: whichever of the two hints is reached first.
 *
 * @param sizeInMBs buffered bytes before encoding and compression, in MiB (the API calls them MBs)
 * @param intervalInSeconds age of the oldest buffered record, in seconds
 * @param latency whether the lower bounds hold
 */
public record BufferingHints(int sizeInMBs, int intervalInSeconds, Latency latency) {
    /** 5 MiB or 300 s: API reference, BufferingHints. */
    public static final BufferingHints DEFAULTS = new BufferingHints(5, 300, Latency.STANDARD);

    /** 128 MiB or 300 s, for partitioned or converted streams: API reference. */
    public static final BufferingHints LARGE_DEFAULTS =
            new BufferingHints(128, 300, Latency.STANDARD);

    private static final int MAX_SIZE_IN_MBS = 128; // API reference, SizeInMBs
    private static final int MAX_INTERVAL_IN_SECONDS = 900; // API reference, IntervalInSeconds
    private static final int MIN_INTERVAL_IN_SECONDS = 60;

    /** Smallest size with dynamic partitioning or format conversion: developer guide. */
    public static final int MIN_LARGE_SIZE_IN_MBS = 64;

    public static final Latency DEFAULT_LATENCY = Latency.STANDARD;

    /** Whether a stream may make small, frequent objects. */
    public enum Latency {
        /** 60 to 900 s; at least 64 MB when partitioned or converted. */
        STANDARD,
        /** 0 to 900 s and from 1 MB, always. */
        LOW
    }

    /**
     * Those of a stream that says nothing: larger with dynamic partitioning or format conversion.
     */
    public static BufferingHints defaultsOf(
            FormatSettings format, Optional<PartitioningSettings> partitioning) {
        return areLarge(format, partitioning) ? LARGE_DEFAULTS : DEFAULTS;
    }

    /** Whether objects are large for what is made of them. */
    static boolean areLarge(FormatSettings format, Optional<PartitioningSettings> partitioning) {
        return format.converts() || partitioning.isPresent();
    }

    void validate(String path, int minSizeInMBs, String minSizeReason, ConfigProblems problems) {
        int min = latency == Latency.LOW ? 1 : minSizeInMBs;
        if (sizeInMBs < min || sizeInMBs > MAX_SIZE_IN_MBS) {
            String because = min > 1 ? " " + minSizeReason : "";
            String rule =
                    "must be between %d MB and %d MB%s, was %d MB"
                            .formatted(min, MAX_SIZE_IN_MBS, because, sizeInMBs);
            add(path + ".size", rule, sizeInMBs >= 1 && sizeInMBs < min, problems);
        }
        int minInterval = latency == Latency.LOW ? 0 : MIN_INTERVAL_IN_SECONDS;
        if (intervalInSeconds < minInterval || intervalInSeconds > MAX_INTERVAL_IN_SECONDS) {
            String rule =
                    "must be between %d s and %d s, was %d s"
                            .formatted(minInterval, MAX_INTERVAL_IN_SECONDS, intervalInSeconds);
            boolean small = intervalInSeconds >= 0 && intervalInSeconds < minInterval;
            add(path + ".interval", rule, small, problems);
        }
    }

    private static void add(String path, String rule, boolean small, ConfigProblems problems) {
        if (small) {
            problems.add(path, rule, ConfigProblems.WayOut.LOW_LATENCY);
        } else {
            problems.add(path, rule);
        }
    }
}
