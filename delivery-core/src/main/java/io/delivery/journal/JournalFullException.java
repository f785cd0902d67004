package io.delivery.journal;

import java.io.IOException;

/**
 * No room for these records: the journal has reached its limit or the disk is full. Nothing was
 * written under a sequence; the same append may succeed once lanes have committed. Carries no stack
 * trace: it is back-pressure, thrown as often as producers come.
 */
public final class JournalFullException extends IOException {
    private static final long serialVersionUID = 1L;

    JournalFullException(String message) {
        super(message);
    }

    JournalFullException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
