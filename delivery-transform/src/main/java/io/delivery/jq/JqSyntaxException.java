package io.delivery.jq;

/** A query that is not jq 1.6, or uses something else than its record. */
public final class JqSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong, with its place
     */
    public JqSyntaxException(String message) {
        super(message);
    }
}
