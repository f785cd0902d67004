package io.delivery.directory;

import java.io.IOException;
import java.nio.file.Path;

/** An object is where a key needs a directory. */
final class FileInTheWayException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path object;

    /**
     * @param object what is there instead of a directory
     */
    FileInTheWayException(Path object, Throwable cause) {
        super(object + " is an object, so there cannot be objects below it", cause);
        this.object = object;
    }

    Path object() {
        return object;
    }
}
