package io.delivery.format;

import java.io.IOException;

/**
 * An object needs more memory than was reserved for its encoder, for instance because its table has
 * many columns. No record of it has been read: it is encoded as soon as there is as much.
 */
public final class MemoryNeededException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long bytes;

    /**
     * @param bytes that the encoder needs altogether
     * @param what needs them, for people
     */
    public MemoryNeededException(long bytes, String what) {
        super(what);
        this.bytes = bytes;
    }

    /** All that the encoder needs, in bytes. */
    public long bytes() {
        return bytes;
    }
}
