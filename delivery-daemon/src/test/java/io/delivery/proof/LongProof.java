package io.delivery.proof;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;

/**
 * How long proofs with kills take: as a build has them, or for {@code -Dproof.seconds=N} and in all
 * their forms, as {@code make prove} asks for.
 */
final class LongProof {
    private LongProof() {}

    /** How long to send; empty in a build. */
    static Optional<Integer> seconds() {
        return Optional.ofNullable(Integer.getInteger("proof.seconds"));
    }

    /** Skips the test in a build. */
    static void assumeAskedFor() {
        assumeTrue(seconds().isPresent(), "only where -Dproof.seconds asks for it: make prove");
    }
}
