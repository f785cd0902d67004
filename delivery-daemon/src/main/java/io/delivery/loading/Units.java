package io.delivery.loading;

import io.delivery.config.ByteSize;
import io.delivery.config.Suggestion;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations as people write them. A bare number is refused: nobody can tell its unit. */
final class Units {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,15})([A-Za-z]*)");
    private static final Pattern LOOSE = Pattern.compile("\\s*(\\d{1,15})\\s*([A-Za-z]*)\\s*");

    /** Units count in 1024, as Firehose's MBs do. */
    private static final Map<String, Long> SIZES =
            Map.of(
                    "B", 1L, "KB", 1L << 10, "KiB", 1L << 10, "MB", 1L << 20, "MiB", 1L << 20, "GB",
                    1L << 30, "GiB", 1L << 30);

    private static final Map<String, String> SIZE_SLIPS =
            Map.of(
                    "k", "KB", "kb", "KB", "kib", "KiB", "m", "MB", "mb", "MB", "mib", "MiB", "g",
                    "GB", "gb", "GB", "gib", "GiB");

    private static final Map<String, Long> DURATIONS_IN_MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

    private static final Map<String, String> DURATION_SLIPS =
            Map.ofEntries(
                    Map.entry("msec", "ms"),
                    Map.entry("millis", "ms"),
                    Map.entry("milliseconds", "ms"),
                    Map.entry("sec", "s"),
                    Map.entry("secs", "s"),
                    Map.entry("second", "s"),
                    Map.entry("seconds", "s"),
                    Map.entry("min", "m"),
                    Map.entry("mins", "m"),
                    Map.entry("minute", "m"),
                    Map.entry("minutes", "m"),
                    Map.entry("hr", "h"),
                    Map.entry("hrs", "h"),
                    Map.entry("hour", "h"),
                    Map.entry("hours", "h"),
                    Map.entry("ms", "ms"),
                    Map.entry("s", "s"),
                    Map.entry("m", "m"),
                    Map.entry("h", "h"));

    private Units() {}

    /**
     * @param usual the unit of this setting's suggestions: KB, MB or GB
     * @return bytes
     */
    static long size(String text, String usual) throws InvalidSettingException {
        return read(text, "a size such as 64" + usual, usual, SIZES, SIZE_SLIPS);
    }

    static Duration duration(String text) throws InvalidSettingException {
        return Duration.ofMillis(
                read(
                        text,
                        "a duration such as 500ms, 30s, 5m or 1h",
                        "s",
                        DURATIONS_IN_MILLIS,
                        DURATION_SLIPS));
    }

    private static long read(
            String text,
            String words,
            String usual,
            Map<String, Long> units,
            Map<String, String> slips)
            throws InvalidSettingException {
        Matcher exact = NUMBER_AND_UNIT.matcher(text);
        if (exact.matches() && units.containsKey(exact.group(2))) {
            try {
                return Math.multiplyExact(
                        Long.parseLong(exact.group(1)), units.get(exact.group(2)).longValue());
            } catch (ArithmeticException e) {
                throw new InvalidSettingException("is too large, was " + text);
            }
        }
        Matcher loose = LOOSE.matcher(text);
        if (!loose.matches()) {
            throw new InvalidSettingException("must be %s, was %s".formatted(words, text));
        }
        String number = loose.group(1);
        String unit = loose.group(2);
        if (unit.isEmpty()) {
            throw new InvalidSettingException(
                    "needs a unit, was %s; did you mean %s?"
                            .formatted(text.strip(), withUnit(number, usual)));
        }
        String meant = units.containsKey(unit) ? unit : slip(unit, slips);
        throw new InvalidSettingException(
                "must be %s, was %s".formatted(words, text)
                        + (meant == null ? "" : "; did you mean %s%s?".formatted(number, meant)));
    }

    /** Null when nobody can tell: of two letters nearly all are one letter away from a unit. */
    private static String slip(String unit, Map<String, String> slips) {
        String meant = slips.get(unit.toLowerCase(Locale.ROOT));
        return meant != null || unit.length() < 3
                ? meant
                : Suggestion.nearest(unit, slips.keySet()).map(slips::get).orElse(null);
    }

    /** A bare number that is a round number of MB was most likely meant as bytes. */
    private static String withUnit(String number, String usual) {
        long value = Long.parseLong(number);
        boolean bytes = !usual.equals("s") && value >= 1L << 20 && value % (1L << 20) == 0;
        return bytes ? ByteSize.setting(value) : number + usual;
    }

    /** As a file says it: {@code 300s}, {@code 500ms}. */
    static String setting(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + "s"
                : duration.toMillis() + "ms";
    }
}
