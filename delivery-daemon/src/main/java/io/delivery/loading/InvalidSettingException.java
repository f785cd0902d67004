package io.delivery.loading;

/** A text does not say what its setting needs; the message is the rule and the value seen. */
final class InvalidSettingException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidSettingException(String message) {
        super(message, null, false, false);
    }
}
