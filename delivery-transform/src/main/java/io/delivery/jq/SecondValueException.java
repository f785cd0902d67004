package io.delivery.jq;

/** A program yields a second value for its record. Passes through every {@code try} of it. */
final class SecondValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SecondValueException() {
        super(null, null, false, false);
    }
}
