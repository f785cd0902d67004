package io.delivery.staging;

import java.io.IOException;

/** Staged bytes are missing or are not those that were recorded. */
public final class DamagedStagingException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedStagingException(String message) {
        super(message);
    }
}
