package io.delivery.log;

import java.io.IOException;

/**
 * Bytes that were once durable cannot be believed any more: a checksum fails below the durable end.
 */
public final class DamagedLogException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long fromSequence;

    public DamagedLogException(long fromSequence, String message) {
        super(message);
        this.fromSequence = fromSequence;
    }

    /** The first sequence that cannot be read. */
    public long fromSequence() {
        return fromSequence;
    }
}
