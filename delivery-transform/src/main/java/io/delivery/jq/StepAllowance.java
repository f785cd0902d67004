package io.delivery.jq;

/**
 * The steps that the records of one stream may take together, so that many records that are each
 * within their own limit do not hold a lane for minutes. It fills up by the records that are read,
 * not by the clock: the same records get the same answer whenever they are read.
 *
 * <p>What one record brings is enough for an ordinary query on it, whatever the records before it
 * have taken.
 */
final class StepAllowance {
    /** Records that may take all they are allowed, one behind the other. */
    static final int RECORDS_AT_ONCE = 20;

    /** Steps that each record brings, and each of its bytes: ordinary queries take some hundred. */
    static final long STEPS_OF_A_RECORD = 10_000;

    static final long STEPS_OF_A_BYTE = 5;

    private final long perRecord;
    private final long most;
    private long left;

    StepAllowance(long perRecord) {
        this.perRecord = perRecord;
        this.most = perRecord * RECORDS_AT_ONCE;
        this.left = most;
    }

    /** How many steps the next record may take. */
    long next(int bytes) {
        left = Math.min(most, left + STEPS_OF_A_RECORD + STEPS_OF_A_BYTE * bytes);
        return Math.min(perRecord, left);
    }

    /** The record has taken so many. */
    void take(long steps) {
        left -= steps;
    }
}
