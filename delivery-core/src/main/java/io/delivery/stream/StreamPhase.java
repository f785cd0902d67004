package io.delivery.stream;

/** Where a stream is between its making and its end. */
public enum StreamPhase {
    /** It is being made durable. */
    CREATING,
    /** It accepts records. */
    ACTIVE,
    /** The configuration does not name it any more: what it has accepted still lands. */
    DRAINING,
    /** It is being removed; what had not landed is discarded. */
    DELETING,
    /** It cannot be opened; an operator must look. */
    CLOSED
}
