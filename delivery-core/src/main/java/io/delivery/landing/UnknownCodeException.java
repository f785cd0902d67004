package io.delivery.landing;

import java.io.IOException;

/** A number on disk that stands for nothing this program knows. Nothing is skipped for it. */
public final class UnknownCodeException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what has been read, with its number
     */
    UnknownCodeException(String what) {
        super("it has %s, which this program does not know: a newer one wrote it".formatted(what));
    }
}
