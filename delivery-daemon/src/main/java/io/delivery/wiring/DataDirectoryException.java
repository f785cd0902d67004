package io.delivery.wiring;

/** The data directory is locked, unreadable or of a newer format: exit code 4. */
public final class DataDirectoryException extends Exception {
    private static final long serialVersionUID = 1L;

    public DataDirectoryException(String message) {
        super(message);
    }
}
