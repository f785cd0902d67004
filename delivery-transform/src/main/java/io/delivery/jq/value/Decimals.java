package io.delivery.jq.value;

import java.nio.charset.StandardCharsets;

/** Decimal numbers as doubles. */
final class Decimals {
    /** Every integer up to here is a double. */
    private static final long MOST_EXACT = 1L << 53;

    /** So many digits fit a long whatever they are. */
    private static final int MOST_DIGITS = 18;

    /** The powers of ten that are doubles. */
    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    /** So many digits of a decimal number are those of one double, and the other way round. */
    static final int CERTAIN_DIGITS = 15;

    /** A power of two is so many powers of ten, a little less. */
    private static final double TENS_PER_TWO = 0.30102;

    private Decimals() {}

    /**
     * Whether the double is that of a number of at most {@link #CERTAIN_DIGITS} digits, which are
     * found without looking at the others that it has. Only numbers from 1e-7 to 1e15 are looked
     * at, and their negatives: false for all others.
     */
    static boolean isShort(double value) {
        double size = Math.abs(value);
        if (!(size >= 1e-7 && size < TENS[CERTAIN_DIGITS])) {
            return false;
        }
        int tens = (int) Math.floor(Math.getExponent(size) * TENS_PER_TWO);
        int behindPoint = Math.min(CERTAIN_DIGITS - 1 - tens, TENS.length - 1);
        if (size * TENS[behindPoint] >= TENS[CERTAIN_DIGITS]) {
            behindPoint--;
        }
        // The product is off by less than a half, and the division rounds to the closest double.
        return Math.rint(size * TENS[behindPoint]) / TENS[behindPoint] == size;
    }

    /**
     * The double that is closest.
     *
     * @param from a sign or the first digit or point of a number as {@code Double.parseDouble}
     *     takes them, which ends at {@code to}
     */
    static double of(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        int first = negative || bytes[from] == '+' ? from + 1 : from;
        long digits = 0;
        int behindPoint = 0;
        boolean point = false;
        boolean plain = to - first <= MOST_DIGITS;
        for (int i = first; i < to && plain; i++) {
            byte b = bytes[i];
            if (b >= '0' && b <= '9') {
                digits = digits * 10 + (b - '0');
                behindPoint += point ? 1 : 0;
            } else {
                plain = b == '.' && !point;
                point = true;
            }
        }
        if (!plain || digits > MOST_EXACT) {
            return Double.parseDouble(
                    new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        }
        // Both are doubles, so one division rounds once, to the closest (Clinger 1990).
        double value = digits / TENS[behindPoint];
        return negative ? -value : value;
    }
}
