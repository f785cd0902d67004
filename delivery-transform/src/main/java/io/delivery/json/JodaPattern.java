package io.delivery.json;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * A pattern of Joda-Time's {@code DateTimeFormat}, read by java.time. Numbers may have fewer digits
 * than letters unless the next letter is a number too; text is English and its case does not
 * matter; what the pattern leaves out is 1970-01-01T00:00:00Z.
 *
 * <p>Letters: {@code y Y M d D E a H k K h m s S Z z} and quoted text. {@code G C x w e} are
 * refused: a timestamp of an event has no use for them.
 */
final class JodaPattern {
    private final DateTimeFormatter formatter;

    /**
     * @throws IllegalArgumentException when a letter is unknown or not supported, or a quote is not
     *     closed
     */
    JodaPattern(String pattern) {
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("a timestamp format cannot be empty");
        }
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '\'') {
                at = quoted(builder, pattern, at);
            } else if (isLetter(c)) {
                int end = at;
                while (end < pattern.length() && pattern.charAt(end) == c) {
                    end++;
                }
                boolean adjacent = isNumeric(pattern, at - 1, -1) || isNumeric(pattern, end, 1);
                field(builder, pattern, c, end - at, adjacent);
                at = end;
            } else {
                builder.appendLiteral(c);
                at++;
            }
        }
        formatter =
                builder.toFormatter(Locale.ENGLISH)
                        .withResolverStyle(ResolverStyle.SMART)
                        .withZone(null);
    }

    /**
     * Reads a text.
     *
     * @return null when it does not match
     */
    java.time.Instant parse(String text) {
        try {
            return instant(formatter.parse(text));
        } catch (DateTimeException doesNotMatch) {
            return null;
        }
    }

    private static java.time.Instant instant(TemporalAccessor parsed) {
        LocalDate date = parsed.query(TemporalQueries.localDate());
        if (date == null) {
            int year = valueOr(parsed, ChronoField.YEAR, 1970);
            date =
                    parsed.isSupported(ChronoField.DAY_OF_YEAR)
                            ? LocalDate.ofYearDay(year, parsed.get(ChronoField.DAY_OF_YEAR))
                            : LocalDate.of(
                                    year,
                                    valueOr(parsed, ChronoField.MONTH_OF_YEAR, 1),
                                    valueOr(parsed, ChronoField.DAY_OF_MONTH, 1));
        }
        LocalTime time = parsed.query(TemporalQueries.localTime());
        if (time == null) {
            time =
                    LocalTime.of(
                            valueOr(
                                    parsed,
                                    ChronoField.HOUR_OF_DAY,
                                    valueOr(parsed, ChronoField.HOUR_OF_AMPM, 0)),
                            valueOr(parsed, ChronoField.MINUTE_OF_HOUR, 0),
                            valueOr(parsed, ChronoField.SECOND_OF_MINUTE, 0),
                            valueOr(parsed, ChronoField.NANO_OF_SECOND, 0));
        }
        ZoneId zone = parsed.query(TemporalQueries.zone());
        return ZonedDateTime.of(date, time, zone == null ? ZoneOffset.UTC : zone).toInstant();
    }

    private static int valueOr(TemporalAccessor parsed, TemporalField field, int otherwise) {
        return parsed.isSupported(field) ? parsed.get(field) : otherwise;
    }

    private static int quoted(DateTimeFormatterBuilder builder, String pattern, int start) {
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
                builder.appendLiteral(literal.isEmpty() ? "'" : literal.toString());
                return at;
            }
        }
        throw new IllegalArgumentException("quote is not closed in timestamp format " + pattern);
    }

    private static void field(
            DateTimeFormatterBuilder builder,
            String pattern,
            char letter,
            int count,
            boolean adjacent) {
        switch (letter) {
            case 'y', 'Y' -> year(builder, count, adjacent);
            case 'M' -> {
                if (count >= 3) {
                    builder.appendText(
                            ChronoField.MONTH_OF_YEAR,
                            count == 3 ? TextStyle.SHORT : TextStyle.FULL);
                } else {
                    number(builder, ChronoField.MONTH_OF_YEAR, count, 2, adjacent);
                }
            }
            case 'd' -> number(builder, ChronoField.DAY_OF_MONTH, count, 2, adjacent);
            case 'D' -> number(builder, ChronoField.DAY_OF_YEAR, count, 3, adjacent);
            case 'E' ->
                    builder.appendText(
                            ChronoField.DAY_OF_WEEK, count < 4 ? TextStyle.SHORT : TextStyle.FULL);
            case 'a' -> builder.appendText(ChronoField.AMPM_OF_DAY, TextStyle.SHORT);
            case 'H' -> number(builder, ChronoField.HOUR_OF_DAY, count, 2, adjacent);
            case 'k' -> number(builder, ChronoField.CLOCK_HOUR_OF_DAY, count, 2, adjacent);
            case 'K' -> number(builder, ChronoField.HOUR_OF_AMPM, count, 2, adjacent);
            case 'h' -> number(builder, ChronoField.CLOCK_HOUR_OF_AMPM, count, 2, adjacent);
            case 'm' -> number(builder, ChronoField.MINUTE_OF_HOUR, count, 2, adjacent);
            case 's' -> number(builder, ChronoField.SECOND_OF_MINUTE, count, 2, adjacent);
            case 'S' -> {
                if (count > 9) {
                    throw new IllegalArgumentException(
                            "at most 9 S in timestamp format " + pattern);
                }
                builder.appendFraction(
                        ChronoField.NANO_OF_SECOND, adjacent ? count : 1, count, false);
            }
            case 'Z' -> {
                if (count >= 3) {
                    builder.appendZoneRegionId();
                } else {
                    builder.appendOffset(count == 1 ? "+HHMM" : "+HH:MM", "Z");
                }
            }
            case 'z' -> builder.appendZoneText(count < 4 ? TextStyle.SHORT : TextStyle.FULL);
            default ->
                    throw new IllegalArgumentException(
                            "letter "
                                    + letter
                                    + " is not supported in timestamp format "
                                    + pattern);
        }
    }

    private static void year(DateTimeFormatterBuilder builder, int count, boolean adjacent) {
        if (count == 2) {
            // Joda-Time's pivot is thirty years ago; a fixed one keeps a record's meaning.
            builder.appendValueReduced(ChronoField.YEAR, 2, 2, 1970);
        } else {
            number(builder, ChronoField.YEAR, count, 9, adjacent);
        }
    }

    private static void number(
            DateTimeFormatterBuilder builder,
            TemporalField field,
            int count,
            int widest,
            boolean adjacent) {
        if (adjacent) {
            builder.appendValue(field, count);
        } else {
            builder.appendValue(field, 1, Math.max(count, widest), SignStyle.NORMAL);
        }
    }

    private static boolean isNumeric(String pattern, int at, int step) {
        if (at < 0 || at >= pattern.length()) {
            return false;
        }
        char letter = pattern.charAt(at);
        if (letter != 'M') {
            return "yYdDHkKhmsS".indexOf(letter) >= 0;
        }
        int end = at;
        while (end >= 0 && end < pattern.length() && pattern.charAt(end) == 'M') {
            end += step;
        }
        return Math.abs(end - at) < 3;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
