package io.delivery.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What {@code make conformance} runs and a usual build does not, because it takes too long. */
final class Conformance {
    private static final String WANTED = "DELIVERY_CONFORMANCE";

    private Conformance() {}

    /** Skips the test unless it was asked for. */
    static void assumeWanted() {
        assumeTrue(
                !System.getenv().getOrDefault(WANTED, "").isEmpty(),
                "make conformance runs it (%s is not set)".formatted(WANTED));
    }
}
