package io.delivery.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A moment as people name it: {@code 24h}, {@code 2026-11-21}, {@code 2026-11-21T07:00:00Z}. */
final class SinceOption {
    private static final Pattern AGO = Pattern.compile("(\\d{1,9})([smhd])");

    private SinceOption() {}

    /**
     * @throws IllegalArgumentException that says what can be given
     */
    static Instant parse(String text, Instant now) {
        Matcher ago = AGO.matcher(text);
        try {
            if (ago.matches()) {
                long number = Long.parseLong(ago.group(1));
                return now.minus(
                        switch (ago.group(2)) {
                            case "s" -> Duration.ofSeconds(number);
                            case "m" -> Duration.ofMinutes(number);
                            case "h" -> Duration.ofHours(number);
                            default -> Duration.ofDays(number);
                        });
            }
            return text.contains("T")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException | ArithmeticException unknown) {
            throw new IllegalArgumentException(
                    "must be how long ago (90m, 24h, 7d), a day of UTC (2026-11-21) or a time"
                            + " (2026-11-21T07:00:00Z), was "
                            + text,
                    unknown);
        }
    }
}
