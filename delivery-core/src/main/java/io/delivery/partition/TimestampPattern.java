package io.delivery.partition;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A {@link DateTimeFormatter} pattern in a prefix.
 *
 * <p>Names and weeks are those of the United States, as in Firehose: {@code YYYY} is the week-based
 * year there (weeks begin on Sunday, week 1 holds January 1st); {@code yyyy} is what people mean.
 */
final class TimestampPattern {
    private static final String ZONE_LETTERS = "VvzOXxZ";

    private final String pattern;
    private final DateTimeFormatter formatter;

    /**
     * @throws IllegalArgumentException when the pattern is empty, no legal pattern, or cannot write
     *     every time, e.g. {@code pH}: two digits do not fit into a pad width of one
     */
    TimestampPattern(String pattern) {
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("the pattern is empty");
        }
        this.pattern = pattern;
        this.formatter = formatterOf(pattern);
        for (Token token : tokens()) {
            checkPadding(token);
        }
    }

    /** A pad width that the field exceeds at some time would fail then, and not before. */
    private static void checkPadding(Token token) {
        String text = token.text();
        if (token.literal() || text.charAt(0) != 'p') {
            return;
        }
        if (ZONE_LETTERS.indexOf(text.charAt(text.length() - 1)) >= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' pads a zone, whose width depends on the configured time zone");
        }
        try {
            longestOf(text, ZoneOffset.UTC);
        } catch (DateTimeException tooNarrow) {
            throw new IllegalArgumentException(tooNarrow.getMessage(), tooNarrow);
        }
    }

    String pattern() {
        return pattern;
    }

    /** Its runs of one letter, each with the pad width before it, in order. */
    List<String> fields() {
        return tokens().stream().filter(token -> !token.literal()).map(Token::text).toList();
    }

    String format(long millis, ZoneId zone) {
        return formatter.format(Instant.ofEpochMilli(millis).atZone(zone));
    }

    /**
     * A text with the pattern's own slashes and literals which is, between any two of them, at
     * least as long as anything the pattern writes in years of four digits: what fits with this
     * text fits at any time.
     */
    String longest(ZoneId zone) {
        StringBuilder text = new StringBuilder();
        for (Token token : tokens()) {
            text.append(token.literal() ? token.text() : longestOf(token.text(), zone));
        }
        return text.toString();
    }

    private static String longestOf(String field, ZoneId zone) {
        DateTimeFormatter formatter = formatterOf(field);
        // A leap year from its first to its last day, both sides of every change of the clock,
        // and every hour of a day. Between them every field is as wide as it gets.
        LocalDateTime day = LocalDateTime.of(2028, 1, 1, 23, 59, 59, 999_000_000);
        LocalDateTime hour = LocalDateTime.of(2028, 12, 30, 0, 0, 0, 999_000_000);
        String longest = "";
        for (int i = 0; i < 366; i++) {
            longest = longer(longest, formatter.format(day.plusDays(i).atZone(zone)));
        }
        for (int i = 0; i < 24; i++) {
            longest = longer(longest, formatter.format(hour.plusHours(i).atZone(zone)));
        }
        return longest;
    }

    private static String longer(String one, String other) {
        return other.getBytes(UTF_8).length > one.getBytes(UTF_8).length ? other : one;
    }

    @SuppressWarnings("ReturnValueIgnored") // formats once, to see whether it can
    private static DateTimeFormatter formatterOf(String pattern) {
        try {
            DateTimeFormatter formatter = DateTimeFormatter.ofPattern(pattern, Locale.US);
            formatter.format(Instant.EPOCH.atZone(ZoneOffset.UTC));
            return formatter;
        } catch (DateTimeException cannotPrint) {
            throw new IllegalArgumentException(cannotPrint.getMessage(), cannotPrint);
        }
    }

    /** One literal, or one run of the same letter with the pad width before it. */
    private record Token(String text, boolean literal) {}

    /** Takes a pattern apart that the formatter has accepted: quotes are balanced. */
    private List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '\'') {
                int end = endOfQuote(pattern, at);
                String quoted = pattern.substring(at + 1, end - 1).replace("''", "'");
                tokens.add(new Token(quoted.isEmpty() ? "'" : quoted, true));
                at = end;
            } else if (isLetter(c)) {
                int end = endOfRun(at);
                if (c == 'p') {
                    end = endOfRun(end);
                }
                tokens.add(new Token(pattern.substring(at, end), false));
                at = end;
            } else {
                // [ and ] make optional what every point in time has: they write nothing.
                if (c != '[' && c != ']') {
                    tokens.add(new Token(String.valueOf(c), true));
                }
                at++;
            }
        }
        return tokens;
    }

    private int endOfRun(int from) {
        int end = from;
        while (end < pattern.length() && pattern.charAt(end) == pattern.charAt(from)) {
            end++;
        }
        return end;
    }

    private static boolean isLetter(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }

    /**
     * Behind the quote that closes the one at {@code open}; -1 when nothing closes it. As the
     * formatter reads it: two quotes within are one quote and close nothing.
     */
    static int endOfQuote(String text, int open) {
        for (int at = open + 1; at < text.length(); at++) {
            if (text.charAt(at) == '\'') {
                if (at + 1 == text.length() || text.charAt(at + 1) != '\'') {
                    return at + 1;
                }
                at++;
            }
        }
        return -1;
    }
}
