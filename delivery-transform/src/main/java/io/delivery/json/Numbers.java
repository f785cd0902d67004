package io.delivery.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Reads numbers from text without ever building a giant one. */
final class Numbers {
    /** Digits of a text that is read as a number; the JSON parser has the same limit. */
    private static final int MAX_LENGTH = 1000;

    private Numbers() {}

    /** Why a text is not the number that was wanted. Carries no stack trace. */
    static final class NotThat extends Exception {
        private static final long serialVersionUID = 1L;

        static final NotThat A_NUMBER = new NotThat("not a number");
        static final NotThat IN_RANGE = new NotThat("out of range");
        static final NotThat WHOLE = new NotThat("not a whole number");

        private NotThat(String reason) {
            super(reason, null, false, false);
        }
    }

    /**
     * Reads a whole number: digits, or a fraction or exponent that comes out whole ({@code 1.0},
     * {@code 1e3}).
     */
    static long whole(String text) throws NotThat {
        if (text.length() <= 18 && isDigits(text)) {
            return Long.parseLong(text);
        }
        BigDecimal value = decimal(text);
        if (value.signum() == 0) {
            return 0;
        }
        long digitsBeforePoint = (long) value.precision() - value.scale();
        if (digitsBeforePoint > 19) {
            throw NotThat.IN_RANGE;
        }
        if (digitsBeforePoint <= 0) {
            throw NotThat.WHOLE;
        }
        BigDecimal whole = value.setScale(0, RoundingMode.DOWN);
        if (whole.compareTo(value) != 0) {
            throw NotThat.WHOLE;
        }
        BigInteger integer = whole.toBigInteger();
        if (integer.bitLength() > 63) {
            throw NotThat.IN_RANGE;
        }
        return integer.longValue();
    }

    /**
     * Reads a number as it stands.
     *
     * <p>The result may have an exponent of any size: look at precision and scale before computing.
     */
    static BigDecimal decimal(String text) throws NotThat {
        if (text.length() > MAX_LENGTH || !isNumber(text)) {
            throw NotThat.A_NUMBER;
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException exponentTooLarge) {
            throw NotThat.IN_RANGE;
        }
    }

    /**
     * The unscaled value of a decimal column. Digits behind its scale are rounded half up, as Hive
     * does; digits before the point that do not fit are an error.
     */
    static BigInteger unscaled(BigDecimal value, int precision, int scale) throws NotThat {
        long digitsBeforePoint = (long) value.precision() - value.scale();
        if (value.signum() == 0 || digitsBeforePoint < -scale) {
            return BigInteger.ZERO;
        }
        if (digitsBeforePoint > precision - scale) {
            throw NotThat.IN_RANGE;
        }
        BigDecimal fitting = value.setScale(scale, RoundingMode.HALF_UP);
        if (fitting.precision() > precision) {
            throw NotThat.IN_RANGE; // 9.99 rounded to 10.0
        }
        return fitting.unscaledValue();
    }

    /** Reads a floating point number, also {@code NaN}, {@code Infinity} and {@code -Infinity}. */
    static double real(String text) throws NotThat {
        switch (text) {
            case "NaN":
                return Double.NaN;
            case "Infinity":
                return Double.POSITIVE_INFINITY;
            case "-Infinity":
                return Double.NEGATIVE_INFINITY;
            default:
                // Double.parseDouble also takes 0x1p3 and 1d, which are no numbers of JSON.
                if (text.length() > MAX_LENGTH || !isNumber(text)) {
                    throw NotThat.A_NUMBER;
                }
                double value = Double.parseDouble(text);
                if (Double.isInfinite(value)) {
                    throw NotThat.IN_RANGE;
                }
                return value;
        }
    }

    private static boolean isDigits(String text) {
        int at = !text.isEmpty() && text.charAt(0) == '-' ? 1 : 0;
        return at < text.length() && digitsEnd(text, at) == text.length();
    }

    /** Sign, digits with a point among them, exponent. Leading zeros and a plus are forgiven. */
    static boolean isNumber(String text) {
        int at = 0;
        int end = text.length();
        if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            at++;
        }
        int wholeEnd = digitsEnd(text, at);
        int digits = wholeEnd - at;
        at = wholeEnd;
        if (at < end && text.charAt(at) == '.') {
            int fractionEnd = digitsEnd(text, at + 1);
            digits += fractionEnd - at - 1;
            at = fractionEnd;
        }
        if (digits == 0) {
            return false;
        }
        if (at < end && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
                at++;
            }
            int exponentEnd = digitsEnd(text, at);
            if (exponentEnd == at) {
                return false;
            }
            at = exponentEnd;
        }
        return at == end;
    }

    private static int digitsEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
