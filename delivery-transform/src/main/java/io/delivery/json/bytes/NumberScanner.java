package io.delivery.json.bytes;

/** Reads numbers by the grammar of JSON, and keeps the parts of the last one. Not thread-safe. */
final class NumberScanner {
    /** Digits that fit a long, whatever they are. */
    static final int MAX_DIGITS = 18;

    /** Characters of a number; longer ones are given up. */
    static final int MAX_LENGTH = 200;

    private static final int MAX_EXPONENT_DIGITS = 5;
    private static final int GIVEN_UP = -1;

    boolean negative;

    /**
     * All digits, without sign and point. Exact up to {@link #MAX_DIGITS} digits; of one more,
     * exact as an unsigned number.
     */
    long magnitude;

    /** How many digits there are, zeros at the front included. */
    int digits;

    /** The power of ten that the magnitude is multiplied by. */
    int exponent;

    /** Whether there is neither a point nor an exponent. */
    boolean whole;

    /**
     * @param from a digit or a minus sign
     * @return the place behind the number, or -1 when it is none or a very long one
     */
    int read(byte[] array, int from, int end) {
        negative = array[from] == '-';
        int first = negative ? from + 1 : from;
        int at = first;
        long sum = 0;
        while (at < end && isDigit(array[at])) {
            sum = sum * 10 + array[at++] - '0';
        }
        digits = at - first;
        if (digits == 0 || digits > 1 && array[first] == '0') {
            return GIVEN_UP;
        }
        exponent = 0;
        whole = true;
        if (at < end && array[at] == '.') {
            int point = ++at;
            while (at < end && isDigit(array[at])) {
                sum = sum * 10 + array[at++] - '0';
            }
            exponent = point - at;
            if (exponent == 0) {
                return GIVEN_UP;
            }
            digits -= exponent;
            whole = false;
        }
        magnitude = sum;
        if (at < end && (array[at] | 0x20) == 'e') {
            whole = false;
            at = power(array, at + 1, end);
        }
        return at - from > MAX_LENGTH ? GIVEN_UP : at;
    }

    private int power(byte[] array, int from, int end) {
        boolean signed = from < end && (array[from] == '-' || array[from] == '+');
        int first = signed ? from + 1 : from;
        int at = first;
        int power = 0;
        while (at < end && isDigit(array[at])) {
            if (at - first == MAX_EXPONENT_DIGITS) {
                return GIVEN_UP;
            }
            power = power * 10 + array[at++] - '0';
        }
        exponent += array[first - 1] == '-' ? -power : power;
        return at == first ? GIVEN_UP : at;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Whether a number may begin like this. */
    static boolean beginsNumber(byte b) {
        return b == '-' || isDigit(b);
    }

    /** Whether a whole number fits 64 bits with its sign. */
    boolean isLong() {
        return isExact()
                || digits == MAX_DIGITS + 1
                        && (magnitude >= 0 || negative && magnitude == Long.MIN_VALUE);
    }

    /** Whether the magnitude is exact. */
    boolean isExact() {
        return digits <= MAX_DIGITS;
    }

    /** The number, when it is whole and fits. */
    long wholeNumber() {
        return negative ? -magnitude : magnitude;
    }
}
