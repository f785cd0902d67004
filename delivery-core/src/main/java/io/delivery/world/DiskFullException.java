package io.delivery.world;

import java.io.IOException;

/** No space left on the device. Back-pressure, not a crash: space may come back. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
