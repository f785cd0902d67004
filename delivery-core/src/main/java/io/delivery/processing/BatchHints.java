package io.delivery.processing;

import java.time.Duration;

/**
 * In what batches a processor wants its records, and how long it may take for one.
 *
 * <p>A batch is sent when it has {@code records} records or {@code bytes} bytes, when its first
 * record has waited for {@code interval}, or when the lane seals the range that the records are of.
 *
 * @param concurrency batches of one lane that may be with the processor at a time, at least 1
 * @param records most records of a batch, at least 1
 * @param bytes bytes of records from which on a batch is full, at least 1; a single larger record
 *     is a batch of its own
 * @param interval how long the first record of a batch may wait for others; zero: not at all, a
 *     batch is what one reading step of the lane has found
 * @param limit after this time without an answer the batch has failed, and what the processor
 *     answers later is ignored; more than zero
 */
public record BatchHints(
        int concurrency, int records, long bytes, Duration interval, Duration limit) {
    /** For a processor that runs in this process and answers at once. */
    public static final BatchHints DEFAULTS =
            new BatchHints(1, 1000, 1 << 20, Duration.ZERO, Duration.ofMinutes(5));

    public BatchHints {
        if (concurrency < 1 || records < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "concurrency, records and bytes of a batch are at least 1: %d, %d, %d"
                            .formatted(concurrency, records, bytes));
        }
        if (interval.isNegative() || limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException(
                    "a batch waits for no negative time and has more than none to be answered: %s, %s"
                            .formatted(interval, limit));
        }
    }

    /** The same with no more records to a batch than this. */
    public BatchHints atMost(int mostRecords) {
        return new BatchHints(concurrency, Math.min(records, mostRecords), bytes, interval, limit);
    }
}
