package io.delivery.format;

import java.util.Optional;

/**
 * A type string is no type that is supported. The message says what is wrong with it, and where.
 */
public final class InvalidTypeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String unknownName;

    InvalidTypeException(String message, String unknownName) {
        super(message);
        this.unknownName = unknownName;
    }

    /** The word, in lower case, that stands where the name of a type should, and is none. */
    public Optional<String> unknownName() {
        return Optional.of(unknownName).filter(name -> !name.isEmpty());
    }
}
