package io.delivery.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Reads numbers from text without ever building a giant one. */
final class Numbers {
    /**
     * Digits of a text that is read as a number, those of the exponent included; the JSON parser
     * has the same limit.
     */
    static final int MAX_DIGITS = 1000;

    private Numbers() {}

    /** Why a text is not the number that was wanted. Carries no stack trace. */
    static final class NotThat extends Exception {
        private static final long serialVersionUID = 1L;

        static final NotThat A_NUMBER = new NotThat("not a number");
        static final NotThat SHORT = new NotThat("a number of more than " + MAX_DIGITS + " digits");
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
     * Whether a text is a hexadecimal number as OpenX reads it: {@code 0x1F} or {@code 0X1f}
     * (org.openx.data.jsonserde.objectinspector.primitive.ParsePrimitiveUtils).
     */
    static boolean isHex(String text) {
        if (text.length() < 3 || text.charAt(0) != '0' || (text.charAt(1) | 0x20) != 'x') {
            return false;
        }
        for (int i = 2; i < text.length(); i++) {
            if (text.charAt(i) > 'f' || Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Reads a hexadecimal number. */
    static long hex(String text) throws NotThat {
        if (text.length() - 2 > MAX_DIGITS) {
            throw NotThat.SHORT;
        }
        BigInteger number = new BigInteger(text.substring(2), 16);
        if (number.bitLength() > 63) {
            throw NotThat.IN_RANGE;
        }
        return number.longValue();
    }

    /**
     * Reads a number as it stands.
     *
     * <p>The result may have an exponent of any size: look at precision and scale before computing.
     */
    static BigDecimal decimal(String text) throws NotThat {
        requireNumber(text);
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException exponentTooLarge) {
            return withGiantExponent(text);
        }
    }

    /**
     * A number whose exponent does not fit 32 bits: zero, or one as near to it as a number can be
     * written, on the same side.
     */
    private static BigDecimal withGiantExponent(String text) throws NotThat {
        int sign = Math.max(text.indexOf('e'), text.indexOf('E')) + 1;
        BigDecimal digits = new BigDecimal(text.substring(0, sign - 1));
        if (digits.signum() == 0) {
            return BigDecimal.ZERO;
        }
        // A thousand digits do not make up for an exponent of billions.
        if (text.charAt(sign) != '-') {
            throw NotThat.IN_RANGE;
        }
        return BigDecimal.valueOf(digits.signum(), Integer.MAX_VALUE);
    }

    private static void requireNumber(String text) throws NotThat {
        if (!isNumber(text)) {
            throw NotThat.A_NUMBER;
        }
        if (text.length() > MAX_DIGITS && digits(text) > MAX_DIGITS) {
            throw NotThat.SHORT;
        }
    }

    private static int digits(String number) {
        int digits = 0;
        for (int i = 0; i < number.length(); i++) {
            digits += number.charAt(i) >= '0' && number.charAt(i) <= '9' ? 1 : 0;
        }
        return digits;
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
                requireNumber(text);
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
