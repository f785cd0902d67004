package io.delivery.engine;

/**
 * The disk limit is too small for what is asked: a stream or lane whose floor does not fit could
 * never be sure to drain.
 */
public final class DiskLimitException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    DiskLimitException(String message) {
        super(message);
    }
}
