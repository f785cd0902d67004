package io.delivery.jq.regex;

/** A pattern that is no regular expression, in Oniguruma's words. */
public final class RegexSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    RegexSyntaxException(String message) {
        super(message, null, false, false);
    }
}
