package io.delivery.json;

import java.util.Map;

/**
 * Reads what one component of a pattern stands for, as Joda-Time's parsers do ({@code
 * DateTimeFormatterBuilder}): as many characters as it can take, without a look at what follows.
 */
@FunctionalInterface
interface JodaStep {
    /**
     * Reads on.
     *
     * @return false when something else stands there; what has been read then means nothing
     */
    boolean read(JodaReading in);

    /** Exactly this text; case does not matter. */
    static JodaStep literal(String literal) {
        return in -> {
            boolean there = in.text.regionMatches(true, in.at, literal, 0, literal.length());
            in.at += literal.length();
            return there;
        };
    }

    /** One digit or more. */
    static JodaStep number(JodaField field, int maxDigits) {
        return in -> {
            int digits = in.digits(in.at, maxDigits);
            return digits > 0 && save(in, field, digits);
        };
    }

    /** One digit or more, and perhaps a sign before them, which does not count as a digit. */
    static JodaStep signedNumber(JodaField field, int maxDigits) {
        return in -> {
            int sign = maxDigits > 1 && in.isOneOf("+-") ? 1 : 0;
            int digits = in.digits(in.at + sign, maxDigits);
            return digits > 0 && save(in, field, sign + digits);
        };
    }

    /** Exactly two digits: a year near the one in which the record arrived. */
    static JodaStep twoDigitYear(JodaField field) {
        return in -> {
            int lastDigits = in.twoDigits(99);
            if (lastDigits < 0) {
                return false;
            }
            // Joda-Time's pivot is thirty years before this one, and it looks fifty to each side.
            int earliest = in.thisYear() - 80;
            in.save(field, earliest + Math.floorMod(lastDigits - earliest, 100));
            return true;
        };
    }

    /** Two digits without a sign are such a year; any other number is the year that it says. */
    static JodaStep twoDigitsOrYear(JodaField field) {
        JodaStep near = twoDigitYear(field);
        JodaStep year = signedNumber(field, 9);
        return in -> in.digits(in.at, 3) == 2 ? near.read(in) : year.read(in);
    }

    /** One digit or more of a second's fraction; those behind the ninth are cut. */
    static JodaStep fraction(int maxDigits) {
        return in -> {
            int digits = in.digits(in.at, maxDigits);
            int nanos = 0;
            for (int i = 0; i < 9; i++) {
                nanos = nanos * 10 + (i < digits ? in.text.charAt(in.at + i) - '0' : 0);
            }
            in.save(JodaField.NANOS, nanos);
            in.at += digits;
            return digits > 0;
        };
    }

    /** The longest of these words that stands there. */
    static JodaStep word(JodaField field, Map<String, Integer> words) {
        int longest = longest(words);
        return in -> {
            String word = in.longestOf(words, longest);
            if (word == null) {
                return false;
            }
            in.save(field, words.get(word));
            in.at += word.length();
            return true;
        };
    }

    static int longest(Map<String, ?> words) {
        return words.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    private static boolean save(JodaReading in, JodaField field, int length) {
        if (length > 18) {
            return false;
        }
        long value = Long.parseLong(in.text, in.at, in.at + length, 10);
        in.save(field, (int) value);
        in.at += length;
        return value == (int) value;
    }
}
