package io.delivery.json;

import io.delivery.format.RowBuffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.YearMonth;

/** Reads dates and timestamps of the fixed forms (contract, section 6.3) straight into slots. */
final class Instants {
    /** Seconds whose microseconds still fit 64 bits, on either side of 1970. */
    private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000 - 1;

    /** A number below this is seconds, from here on milliseconds (contract, section 6.3). */
    private static final long MILLIS_FROM = 1_000_000_000_000L;

    private Instants() {}

    /**
     * {@code yyyy-MM-dd'T'HH:mm:ss[.S…]['Z']}.
     *
     * @return false when the text has another form: nothing was set
     */
    static boolean setIso(RowBuffer row, int slot, char[] text, int offset, int length) {
        int end = offset + length;
        if (length > 0 && text[end - 1] == 'Z') {
            end--;
        }
        boolean fixed =
                end - offset >= 19
                        && text[offset + 4] == '-'
                        && text[offset + 7] == '-'
                        && text[offset + 10] == 'T'
                        && text[offset + 13] == ':'
                        && text[offset + 16] == ':';
        return fixed && setParts(row, slot, text, offset, end, 'T');
    }

    /**
     * {@code yyyy-[M]M-[d]d HH:mm:ss[.S…]}, the form of {@code java.sql.Timestamp.valueOf}.
     *
     * @return false when the text has another form: nothing was set
     */
    static boolean setSql(RowBuffer row, int slot, char[] text, int offset, int length) {
        return setParts(row, slot, text, offset, offset + length, ' ');
    }

    private static boolean setParts(
            RowBuffer row, int slot, char[] text, int offset, int end, char separator) {
        int at = offset;
        // Each step is one or two digits; the sign bit of any failed one survives the or.
        int year = digits(text, at, end, 4);
        at += 4;
        if (year < 0 || !is(text, at, end, '-')) {
            return false;
        }
        int width = width(text, ++at, end);
        int month = digits(text, at, end, width);
        at += width;
        if (!is(text, at, end, '-')) {
            return false;
        }
        width = width(text, ++at, end);
        int day = digits(text, at, end, width);
        at += width;
        if (!is(text, at, end, separator)) {
            return false;
        }
        width = width(text, ++at, end);
        int hour = digits(text, at, end, width);
        at += width;
        if (!is(text, at, end, ':')) {
            return false;
        }
        width = width(text, ++at, end);
        int minute = digits(text, at, end, width);
        at += width;
        if (!is(text, at, end, ':')) {
            return false;
        }
        width = width(text, ++at, end);
        int second = digits(text, at, end, width);
        at += width;
        if ((month | day | hour | minute | second) < 0
                || hour > 23
                || minute > 59
                || second > 59
                || !isDate(year, month, day)) {
            return false;
        }
        int nanos = 0;
        if (at < end) {
            int places = end - at - 1;
            if (text[at] != '.' || places < 1 || places > 9) {
                return false;
            }
            nanos = digits(text, at + 1, end, places);
            if (nanos < 0) {
                return false;
            }
            for (int i = places; i < 9; i++) {
                nanos *= 10;
            }
        }
        long seconds =
                LocalDate.of(year, month, day).toEpochDay() * 86_400L
                        + hour * 3600
                        + minute * 60
                        + second;
        row.setTimestamp(slot, seconds, nanos);
        return true;
    }

    /**
     * {@code yyyy-M-d}.
     *
     * @return false when the text has another form: nothing was set
     */
    static boolean setDate(RowBuffer row, int slot, String text) {
        char[] chars = text.toCharArray();
        int end = chars.length;
        int year = digits(chars, 0, end, 4);
        if (year < 0 || !is(chars, 4, end, '-')) {
            return false;
        }
        int width = width(chars, 5, end);
        int month = digits(chars, 5, end, width);
        int at = 5 + width;
        if (!is(chars, at, end, '-')) {
            return false;
        }
        width = width(chars, ++at, end);
        int day = digits(chars, at, end, width);
        if ((month | day) < 0 || at + width != end || !isDate(year, month, day)) {
            return false;
        }
        row.setNumber(slot, LocalDate.of(year, month, day).toEpochDay());
        return true;
    }

    /** Seconds, or milliseconds when the number is that large. */
    static void setEpoch(RowBuffer row, int slot, long number) throws Numbers.NotThat {
        if (number > -MILLIS_FROM && number < MILLIS_FROM) {
            row.setTimestamp(slot, number, 0);
        } else {
            setMillis(row, slot, number);
        }
    }

    /** The same; digits below a nanosecond are cut. */
    static void setEpoch(RowBuffer row, int slot, BigDecimal number) throws Numbers.NotThat {
        if (isZero(row, slot, number)) {
            return;
        }
        long digitsBeforePoint = (long) number.precision() - number.scale();
        if (digitsBeforePoint > 18) {
            throw Numbers.NotThat.IN_RANGE;
        }
        boolean seconds = number.abs().compareTo(BigDecimal.valueOf(MILLIS_FROM)) < 0;
        setNanos(row, slot, number, seconds ? 9 : 6);
    }

    /** Milliseconds; digits below a nanosecond are cut. */
    static void setMillis(RowBuffer row, int slot, BigDecimal number) throws Numbers.NotThat {
        if (isZero(row, slot, number)) {
            return;
        }
        if ((long) number.precision() - number.scale() > 19) {
            throw Numbers.NotThat.IN_RANGE;
        }
        setNanos(row, slot, number, 6);
    }

    /** Zero is 1970, whatever its exponent; then it has been set. */
    private static boolean isZero(RowBuffer row, int slot, BigDecimal number) {
        if (number.signum() != 0) {
            return false;
        }
        row.setTimestamp(slot, 0, 0);
        return true;
    }

    private static void setNanos(RowBuffer row, int slot, BigDecimal number, int places)
            throws Numbers.NotThat {
        long digitsBeforePoint = (long) number.precision() - number.scale();
        BigInteger nanos =
                digitsBeforePoint < -places
                        ? BigInteger.ZERO
                        : number.movePointRight(places)
                                .setScale(0, RoundingMode.FLOOR)
                                .toBigInteger();
        BigInteger[] parts = nanos.divideAndRemainder(BigInteger.valueOf(1_000_000_000));
        long whole = parts[0].longValue();
        int rest = parts[1].intValue();
        if (rest < 0) {
            whole--;
            rest += 1_000_000_000;
        }
        setSeconds(row, slot, whole, rest);
    }

    static void setMillis(RowBuffer row, int slot, long millis) throws Numbers.NotThat {
        setSeconds(row, slot, Math.floorDiv(millis, 1000), Math.floorMod(millis, 1000) * 1_000_000);
    }

    static void setSeconds(RowBuffer row, int slot, long seconds, int nanos)
            throws Numbers.NotThat {
        if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS) {
            throw Numbers.NotThat.IN_RANGE;
        }
        row.setTimestamp(slot, seconds, nanos);
    }

    private static boolean isDate(int year, int month, int day) {
        return month >= 1
                && month <= 12
                && day >= 1
                && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth());
    }

    /** One or two digits stand here. */
    private static int width(char[] text, int at, int end) {
        return at + 1 < end && text[at + 1] >= '0' && text[at + 1] <= '9' ? 2 : 1;
    }

    private static boolean is(char[] text, int at, int end, char wanted) {
        return at < end && text[at] == wanted;
    }

    /** The number that so many digits make; -1 when they are not all digits. */
    private static int digits(char[] text, int from, int end, int width) {
        if (from + width > end) {
            return -1;
        }
        int number = 0;
        for (int at = from; at < from + width; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
