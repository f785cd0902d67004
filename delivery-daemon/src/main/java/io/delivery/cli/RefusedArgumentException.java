package io.delivery.cli;

/** An argument that is well formed and names nothing; the message says what there is instead. */
class RefusedArgumentException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedArgumentException(String message) {
        super(message);
    }
}
