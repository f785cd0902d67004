package io.delivery.proof;

import java.time.Duration;

/** Is told how far a proof is. Called by one thread. */
public interface ProofProgress {
    /** Tells nobody. */
    ProofProgress UNSEEN = new ProofProgress() {};

    /** It goes on to something else. */
    default void step(String what) {}

    /** A few times a second while records are sent. */
    default void loaded(Duration so, Duration of, int kills, long acknowledged, int objects) {}
}
