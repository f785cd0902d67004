package io.delivery.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects everything that is wrong with a configuration, so that all of it is reported at once.
 */
public final class ConfigProblems {
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param path where, dotted, e.g. {@code streams.orders.buffer.size}
     * @param message the rule and the value seen: {@code must be between 1 MB and 128 MB, was 512
     *     MB}
     */
    public void add(String path, String message) {
        problems.add(new Problem(path, message, Optional.empty()));
    }

    /** The same, with a way out that depends on how the configuration is written. */
    public void add(String path, String message, WayOut wayOut) {
        problems.add(new Problem(path, message, Optional.of(wayOut)));
    }

    /** What would make a value right that is wrong. Whoever reports the problem has the words. */
    public enum WayOut {
        /** A stream of low latency has no such lower bound. */
        LOW_LATENCY
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /** In the order they were found. */
    public List<Problem> all() {
        return List.copyOf(problems);
    }

    /** One problem; the loader adds file and line. */
    public record Problem(String path, String message, Optional<WayOut> wayOut) {
        @Override
        public String toString() {
            return path + ": " + message;
        }
    }
}
