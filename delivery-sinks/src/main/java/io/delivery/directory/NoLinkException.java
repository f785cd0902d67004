package io.delivery.directory;

import io.delivery.failure.FailureText;
import java.io.IOException;

/** A folder in which one file cannot have the two names that a landing needs. */
final class NoLinkException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code in the answer to a landing
     */
    NoLinkException(String code, String message, Exception cause) {
        super(message + ": " + FailureText.of(cause), cause);
        this.code = code;
    }

    String code() {
        return code;
    }
}
