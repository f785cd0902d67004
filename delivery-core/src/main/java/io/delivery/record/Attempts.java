package io.delivery.record;

/**
 * Says whether to try the quick way to read a record, which does not read every record. After
 * {@link #MAX_IN_VAIN} attempts in a row that were in vain it is not tried for {@link #FIRST_PAUSE}
 * records; then one attempt more in vain doubles that number, up to {@link #MAX_PAUSE}. Not
 * thread-safe.
 */
public final class Attempts {
    /** In a row, before the first pause. */
    public static final int MAX_IN_VAIN = 16;

    /** The first pause, in records. */
    public static final int FIRST_PAUSE = 64;

    /** The longest pause, in records. */
    public static final int MAX_PAUSE = 1 << 12;

    private final int maxInVain;
    private int inVain;
    private int pause = FIRST_PAUSE;
    private int left;

    /** With {@link #MAX_IN_VAIN}. */
    public Attempts() {
        this(MAX_IN_VAIN);
    }

    /** With another number of attempts in vain before the first pause. */
    public Attempts(int maxInVain) {
        this.maxInVain = maxInVain;
    }

    /** Asked once for each record. */
    public boolean isWorthOne() {
        if (left == 0) {
            return true;
        }
        left--;
        return false;
    }

    /** The attempt has read its record. */
    public void succeeded() {
        inVain = 0;
        pause = FIRST_PAUSE;
    }

    /** The attempt has not. */
    public void failed() {
        if (++inVain >= maxInVain) {
            inVain = maxInVain - 1;
            left = pause;
            pause = Math.min(pause * 2, MAX_PAUSE);
        }
    }
}
