package io.delivery.testkit.servers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;

/** What {@code make conformance} runs and a usual build does not, because it takes too long. */
public final class Conformance {
    private static final String WANTED = "DELIVERY_CONFORMANCE";

    private Conformance() {}

    /** Skips the test unless it was asked for. */
    public static void assumeWanted() {
        Optional<String> unwanted = unwanted();
        assumeTrue(unwanted.isEmpty(), () -> unwanted.orElse(""));
    }

    /** Why it is not run, which names the command that runs it; empty where it was asked for. */
    public static Optional<String> unwanted() {
        return System.getenv().getOrDefault(WANTED, "").isEmpty()
                ? Optional.of("make conformance runs it (%s is not set)".formatted(WANTED))
                : Optional.empty();
    }
}
