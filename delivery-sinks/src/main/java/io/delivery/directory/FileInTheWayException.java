package io.delivery.directory;

import java.io.IOException;

/** An object is where a key needs a directory. */
final class FileInTheWayException extends IOException {
    private static final long serialVersionUID = 1L;

    FileInTheWayException(String message, Throwable cause) {
        super(message, cause);
    }
}
