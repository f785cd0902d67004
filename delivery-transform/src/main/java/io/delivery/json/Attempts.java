package io.delivery.json;

/**
 * Says whether to try the quick way to read a record, which does not read every record. After
 * {@link #MAX_IN_VAIN} attempts in a row that were in vain it is not tried for {@link #FIRST_PAUSE}
 * records; then one attempt more in vain doubles that number, up to {@link #MAX_PAUSE}. Not
 * thread-safe.
 */
final class Attempts {
    static final int MAX_IN_VAIN = 16;

    /** The first pause, in records. */
    static final int FIRST_PAUSE = 64;

    static final int MAX_PAUSE = 1 << 12;

    private final int maxInVain;
    private int inVain;
    private int pause = FIRST_PAUSE;
    private int left;

    Attempts() {
        this(MAX_IN_VAIN);
    }

    /** With another number of attempts in vain before the first pause. */
    Attempts(int maxInVain) {
        this.maxInVain = maxInVain;
    }

    /** Asked once for each record. */
    boolean isWorthOne() {
        if (left == 0) {
            return true;
        }
        left--;
        return false;
    }

    /** The attempt has read its record. */
    void succeeded() {
        inVain = 0;
        pause = FIRST_PAUSE;
    }

    /** The attempt has not. */
    void failed() {
        if (++inVain >= maxInVain) {
            inVain = maxInVain - 1;
            left = pause;
            pause = Math.min(pause * 2, MAX_PAUSE);
        }
    }
}
