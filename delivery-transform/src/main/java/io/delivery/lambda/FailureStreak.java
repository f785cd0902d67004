package io.delivery.lambda;

import io.delivery.function.FunctionStatus;
import io.delivery.processing.Outcome;
import io.delivery.record.Failure;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How many records in a row a function has failed. Thread-safe. */
final class FailureStreak {
    /**
     * One record, or a few, may be odd. Ten in a row are no chance where a function works; and a
     * failed invocation, whose records all fail, is told at once unless it had fewer.
     */
    private static final int TOLD_FROM = 10;

    private final String function;
    private long records;
    private Failure last;

    FailureStreak(String function) {
        this.function = function;
    }

    /** These are known now, in this order. */
    synchronized void add(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.ProcessingFailed failed) {
                records++;
                last = failed.failure();
            } else {
                records = 0;
                last = null;
            }
        }
    }

    /** What is the matter, and what to do; empty while nothing is. */
    Optional<String> trouble(FunctionStatus status) {
        String failing;
        synchronized (this) {
            failing =
                    records < TOLD_FROM
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "its last %d records failed with %s (%s)",
                                    records,
                                    last.code(),
                                    LambdaFailure.meaningOf(last));
        }
        String running = status.trouble().orElse("");
        if (failing.isEmpty() && running.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder sentence = new StringBuilder("function ").append(function).append(": ");
        sentence.append(failing);
        if (!running.isEmpty()) {
            sentence.append(failing.isEmpty() ? "" : "; ").append(running);
        }
        status.lastErrorLine()
                .ifPresent(line -> sentence.append("; its last error line: ").append(line));
        sentence.append(
                status.lastErrorLine().isPresent()
                        ? "; look at the lines of function.%s in the log, and try it: "
                                .formatted(function)
                        : "; try it: ");
        sentence.append("delivery function invoke ").append(function).append(" FILE");
        return Optional.of(sentence.toString());
    }
}
