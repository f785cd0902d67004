package io.delivery.cli;

/** There is no stream of the name that a person gave; the message says which there are. */
final class UnknownStreamException extends RefusedArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownStreamException(String message) {
        super(message);
    }
}
