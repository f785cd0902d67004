package io.delivery.stream;

/** The registry did not do what it was asked for; nothing has been changed. */
public final class RegistryRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Why why;

    RegistryRefusal(Why why, String message) {
        super(message, null, false, false);
        this.why = why;
    }

    public Why why() {
        return why;
    }

    /** What stood in the way. */
    public enum Why {
        /** There is no stream of this name. */
        NO_SUCH_STREAM,
        /** There is a stream of this name, or one that differs only by case. */
        NAME_TAKEN,
        /** The stream is not in a phase in which that can be done. */
        WRONG_PHASE,
        /** The configuration defines the stream: it is changed there. */
        DEFINED_ELSEWHERE,
        /** Somebody else has changed the stream meanwhile. */
        VERSION_CHANGED,
        /** The configuration has no master key for what is to be encrypted. */
        NO_MASTER_KEY,
        /** It was done too often. */
        TOO_MANY_CALLS,
        /** The process is stopping. */
        STOPPING
    }
}
