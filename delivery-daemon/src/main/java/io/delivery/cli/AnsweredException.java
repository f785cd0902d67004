package io.delivery.cli;

import java.io.IOException;

/** A service answered that it will not do what it was asked for. */
final class AnsweredException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status of HTTP
     */
    AnsweredException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
