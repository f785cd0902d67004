package io.delivery.json;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * A pattern of Joda-Time's {@code DateTimeFormat}: reads the texts that Hive's {@code
 * TimestampParser} reads with it, to the same instants. A test compares it with Joda-Time itself.
 *
 * <p>As there, a number may have fewer digits than the pattern has letters, and a year may have
 * more when no number follows; {@code Z} and {@code ZZ} read all forms of an offset; {@code MMM}
 * and {@code MMMM} read both forms of a month, in English, in lower, upper or their own case;
 * literals match in any case; what the pattern leaves out is 1970-01-01T00:00:00Z.
 *
 * <p>What differs: fractions keep nine digits, not three. A year of two digits is near the one in
 * which the record arrived, not near the one in which the program started. A text whose parts
 * contradict each other is not read, where Joda-Time moves the date: "Monday" with the date of a
 * Friday. A zone's name is read before a slash, too. The letter {@code C}, a century, is refused.
 */
final class JodaPattern {
    private static final List<String> MONTHS =
            List.of(
                    "January",
                    "February",
                    "March",
                    "April",
                    "May",
                    "June",
                    "July",
                    "August",
                    "September",
                    "October",
                    "November",
                    "December");
    private static final List<String> DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

    private static final Map<String, Integer> MONTH_WORDS = words(MONTHS, 1);
    private static final Map<String, Integer> DAY_WORDS = words(DAYS, 1);
    private static final Map<String, Integer> HALFDAY_WORDS = words(List.of("AM", "PM"), 0);
    private static final Map<String, Integer> ERA_WORDS = words(List.of("BC", "AD"), 0);

    static {
        ERA_WORDS.putAll(words(List.of("BCE", "CE"), 0));
    }

    private final List<JodaStep> steps = new ArrayList<>();

    /**
     * @throws IllegalArgumentException when a letter is unknown or not supported, or a quote is not
     *     closed
     */
    JodaPattern(String pattern) {
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("a timestamp format cannot be empty");
        }
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '\'') {
                at = quoted(pattern, at);
            } else if (isLetter(c)) {
                int end = endOfRun(pattern, at);
                steps.add(step(pattern, c, end - at, isNumber(pattern, end)));
                at = end;
            } else {
                steps.add(JodaStep.literal(String.valueOf(c)));
                at++;
            }
        }
    }

    /**
     * Reads a text.
     *
     * @param thisYear the year that years of two digits are near to
     * @return null when it does not match, or means no time that exists
     */
    Instant parse(String text, IntSupplier thisYear) {
        JodaReading reading = read(text, thisYear);
        return reading == null ? null : reading.instant();
    }

    /** What a text says; null when it does not match. */
    JodaReading read(String text, IntSupplier thisYear) {
        JodaReading reading = new JodaReading(text, thisYear);
        for (JodaStep step : steps) {
            if (!step.read(reading)) {
                return null;
            }
        }
        return reading.remaining() == 0 ? reading : null;
    }

    private int quoted(String pattern, int start) {
        StringBuilder literal = new StringBuilder();
        int at = start + 1;
        while (at < pattern.length()) {
            char c = pattern.charAt(at++);
            if (c != '\'') {
                literal.append(c);
            } else if (at < pattern.length() && pattern.charAt(at) == '\'') {
                literal.append('\'');
                at++;
            } else {
                // Two quotes with nothing between them stand for one.
                steps.add(JodaStep.literal(literal.isEmpty() ? "'" : literal.toString()));
                return at;
            }
        }
        throw new IllegalArgumentException("quote is not closed in timestamp format " + pattern);
    }

    /**
     * @param beforeNumber whether a number follows in the pattern: a year then has no more digits
     *     than letters
     */
    private static JodaStep step(String pattern, char letter, int count, boolean beforeNumber) {
        return switch (letter) {
            case 'G' -> JodaStep.word(JodaField.ERA, ERA_WORDS);
            case 'y' ->
                    count == 2
                            ? twoDigitYear(JodaField.YEAR, beforeNumber)
                            : JodaStep.signedNumber(
                                    JodaField.YEAR, yearDigits(count, beforeNumber));
            case 'Y' ->
                    count == 2
                            ? twoDigitYear(JodaField.YEAR, beforeNumber)
                            : JodaStep.number(
                                    JodaField.YEAR_OF_ERA, yearDigits(count, beforeNumber));
            case 'x' ->
                    count == 2
                            ? twoDigitYear(JodaField.WEEKYEAR, beforeNumber)
                            : JodaStep.signedNumber(
                                    JodaField.WEEKYEAR, yearDigits(count, beforeNumber));
            case 'M' ->
                    count >= 3
                            ? JodaStep.word(JodaField.MONTH, MONTH_WORDS)
                            : JodaStep.number(JodaField.MONTH, 2);
            case 'w' -> JodaStep.number(JodaField.WEEK, Math.max(count, 2));
            case 'D' -> JodaStep.number(JodaField.DAY_OF_YEAR, Math.max(count, 3));
            case 'd' -> JodaStep.number(JodaField.DAY_OF_MONTH, Math.max(count, 2));
            case 'e' -> JodaStep.number(JodaField.DAY_OF_WEEK, count);
            case 'E' -> JodaStep.word(JodaField.DAY_OF_WEEK, DAY_WORDS);
            case 'a' -> JodaStep.word(JodaField.HALFDAY, HALFDAY_WORDS);
            case 'H' -> JodaStep.number(JodaField.HOUR_OF_DAY, Math.max(count, 2));
            case 'k' -> JodaStep.number(JodaField.CLOCK_HOUR_OF_DAY, Math.max(count, 2));
            case 'K' -> JodaStep.number(JodaField.HOUR_OF_HALFDAY, Math.max(count, 2));
            case 'h' -> JodaStep.number(JodaField.CLOCK_HOUR_OF_HALFDAY, Math.max(count, 2));
            case 'm' -> JodaStep.number(JodaField.MINUTE, Math.max(count, 2));
            case 's' -> JodaStep.number(JodaField.SECOND, Math.max(count, 2));
            case 'S' -> JodaStep.fraction(Math.min(count, 18)); // as in Joda-Time
            case 'Z' -> count < 3 ? JodaZones::offset : JodaZones::id;
            case 'z' -> {
                if (count >= 4) {
                    throw new IllegalArgumentException(
                            "zzzz, the long name of a zone, cannot be read in timestamp format "
                                    + pattern
                                    + ": Joda-Time only writes it; z reads EST or PDT, ZZZ reads"
                                    + " America/New_York");
                }
                yield JodaZones::name;
            }
            default ->
                    throw new IllegalArgumentException(
                            "letter "
                                    + letter
                                    + " is not supported in timestamp format "
                                    + pattern);
        };
    }

    private static JodaStep twoDigitYear(JodaField field, boolean beforeNumber) {
        return beforeNumber ? JodaStep.twoDigitYear(field) : JodaStep.twoDigitsOrYear(field);
    }

    private static int yearDigits(int count, boolean beforeNumber) {
        return beforeNumber ? count : Math.max(count, 9);
    }

    /** Whether the component that begins there is a number. */
    private static boolean isNumber(String pattern, int at) {
        if (at >= pattern.length()) {
            return false;
        }
        char letter = pattern.charAt(at);
        return letter == 'M'
                ? endOfRun(pattern, at) - at < 3
                : "yYxwDdeHkKhmsS".indexOf(letter) >= 0;
    }

    private static int endOfRun(String pattern, int start) {
        int end = start;
        while (end < pattern.length() && pattern.charAt(end) == pattern.charAt(start)) {
            end++;
        }
        return end;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /** Each name, and its first three letters, in its own case, in lower and in upper case. */
    private static Map<String, Integer> words(List<String> names, int first) {
        Map<String, Integer> words = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            for (String form : List.of(name, name.substring(0, Math.min(3, name.length())))) {
                words.put(form, first + i);
                words.put(form.toLowerCase(Locale.ROOT), first + i);
                words.put(form.toUpperCase(Locale.ROOT), first + i);
            }
        }
        return words;
    }
}
