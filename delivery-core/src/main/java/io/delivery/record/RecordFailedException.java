package io.delivery.record;

/**
 * One record cannot be processed; its neighbours can. Carries no stack trace: it is data about the
 * record, not about the program, and may be thrown for every record of a bad input.
 */
public final class RecordFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public RecordFailedException(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
