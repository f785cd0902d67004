package io.delivery.testkit;

/**
 * The process is dead. An {@link Error}, so that no code that handles failures handles this one;
 * every later call of the dead process meets it again.
 */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    public SimulatedCrash(String message) {
        super(message);
    }
}
