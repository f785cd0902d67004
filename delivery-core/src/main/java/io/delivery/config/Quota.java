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

    /** A billion a second; for bytes a million times 1 MiB. */
    public static final long MOST_PER_SECOND = 1_000_000_000L;

    public static final long MOST_BYTES_PER_SECOND = MOST_PER_SECOND << 10;

    /** Whether nothing is limited. */
    public boolean isNone() {
        return equals(NONE);
    }

    void validate(String path, ConfigProblems problems) {
        records.ifPresent(rate -> validate(path + ".records", rate, MOST_PER_SECOND, problems));
        bytes.ifPresent(rate -> validate(path + ".bytes", rate, MOST_BYTES_PER_SECOND, problems));
        requests.ifPresent(rate -> validate(path + ".requests", rate, MOST_PER_SECOND, problems));
    }

    private static void validate(String path, long rate, long most, ConfigProblems problems) {
        if (rate < 1 || rate > most) {
            problems.add(path, "must be between 1/s and %d/s, was %d/s".formatted(most, rate));
        }
    }
}
