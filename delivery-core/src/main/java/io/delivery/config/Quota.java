package io.delivery.config;

import java.util.Optional;

/**
 * What producers may put into one stream in a second; each of the three is empty where nothing is
 * limited. After a quiet second they may put a second's worth at once.
 *
 * @param records per second
 * @param bytes of records per second, before base64
 * @param requests PutRecord and PutRecordBatch calls per second
 */
public record Quota(Optional<Long> records, Optional<Long> bytes, Optional<Long> requests) {
    public static final Quota NONE =
            new Quota(Optional.empty(), Optional.empty(), Optional.empty());

    /** A billion records or calls. */
    public static final long MOST_PER_SECOND = 1_000_000_000L;

    /** A million MiB. */
    public static final long MOST_BYTES_PER_SECOND = 1_000_000L << 20;

    /** Whether nothing is limited. */
    public boolean isNone() {
        return equals(NONE);
    }

    void validate(String path, ConfigProblems problems) {
        validate(path + ".records", records, MOST_PER_SECOND, "", problems);
        validate(path + ".bytes", bytes, MOST_BYTES_PER_SECOND, "B", problems);
        validate(path + ".requests", requests, MOST_PER_SECOND, "", problems);
    }

    private static void validate(
            String path, Optional<Long> rate, long most, String unit, ConfigProblems problems) {
        rate.filter(given -> given < 1 || given > most)
                .ifPresent(
                        given ->
                                problems.add(
                                        path,
                                        "must be between 1%2$s/s and %1$d%2$s/s, was %3$d%2$s/s"
                                                .formatted(most, unit, given)));
    }
}
