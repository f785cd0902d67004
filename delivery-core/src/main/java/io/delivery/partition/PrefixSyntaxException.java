package io.delivery.partition;

/** A prefix is not written in Firehose's grammar. The message says where, and what is allowed. */
public final class PrefixSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int position;

    PrefixSyntaxException(int position, String message) {
        super("at character " + (position + 1) + ": " + message);
        this.position = position;
    }

    /** Index of the offending expression's first character in the prefix, from 0. */
    public int position() {
        return position;
    }
}
