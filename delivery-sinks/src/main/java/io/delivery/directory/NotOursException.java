package io.delivery.directory;

import java.io.IOException;

/** A path below the lake leads somewhere else. */
final class NotOursException extends IOException {
    private static final long serialVersionUID = 1L;

    NotOursException(String message) {
        super(message);
    }
}
