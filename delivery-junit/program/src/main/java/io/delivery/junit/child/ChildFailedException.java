package io.delivery.junit.child;

/** A child process could not do what it was asked, and says why; or there is no answer from it. */
public final class ChildFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean answered;

    private ChildFailedException(String message, boolean answered, Throwable cause) {
        super(message, cause);
        this.answered = answered;
    }

    /** It has not come up, or has given no answer. */
    ChildFailedException(String message) {
        this(message, false, null);
    }

    /** The same. */
    ChildFailedException(String message, Throwable cause) {
        this(message, false, cause);
    }

    /** What it has answered. */
    static ChildFailedException answer(String message) {
        return new ChildFailedException(message, true, null);
    }

    /** Whether it was asked and says why it could not; otherwise there is no answer from it. */
    public boolean answered() {
        return answered;
    }
}
