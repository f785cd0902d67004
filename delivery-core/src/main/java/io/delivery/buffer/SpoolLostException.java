package io.delivery.buffer;

import java.io.IOException;

/** What was spilled cannot be read as it was written. The log still has it: it is read again. */
public final class SpoolLostException extends IOException {
    private static final long serialVersionUID = 1L;

    SpoolLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
