package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;
import org.joda.time.MutableDateTime;
import org.joda.time.chrono.ISOChronology;
import org.joda.time.format.DateTimeFormat;
import org.joda.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

/** Reads the same texts with Joda-Time itself, in the way of Hive's {@code TimestampParser}. */
class JodaPatternTest {
    private static final int THIS_YEAR = 2026;

    private static final Pattern TWO_DIGIT_YEAR = Pattern.compile("yy|YY|xx");
    private static final Pattern SIGNS = Pattern.compile("[+-][^0-9]|[+-]$");

    /** Microseconds of more do not fit 64 bits. */
    private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000;

    /** What a pattern may consist of, and between which anything may stand. */
    private static final List<String> COMPONENTS =
            List.of(
                    "y", "yy", "yyy", "yyyy", "yyyyy", "Y", "YY", "YYYY", "x", "xx", "xxxx", "G",
                    "M", "MM", "MMM", "MMMM", "w", "ww", "D", "DDD", "d", "dd", "e", "ee", "E",
                    "EEE", "EEEE", "a", "H", "HH", "HHH", "k", "kk", "K", "KK", "h", "hh", "m",
                    "mm", "s", "ss", "S", "SSS", "SSSSSS", "Z", "ZZ", "ZZZ", "z");

    private static final List<String> SEPARATORS =
            List.of(
                    "",
                    "",
                    "",
                    "-",
                    "/",
                    ":",
                    ".",
                    ",",
                    " ",
                    ", ",
                    "'T'",
                    "'at'",
                    "''",
                    "' o''clock '");

    /** Patterns that people have, and some that ask for trouble. */
    private static final List<String> PATTERNS =
            List.of(
                    "yyyy-MM-dd",
                    "yyyy-MM-dd HH:mm:ss",
                    "yyyy-MM-dd HH:mm:ss.SSS",
                    "yyyy-MM-dd'T'HH:mm:ss",
                    "yyyy-MM-dd'T'HH:mm:ss'Z'",
                    "yyyy-MM-dd'T'HH:mm:ssZ",
                    "yyyy-MM-dd'T'HH:mm:ssZZ",
                    "yyyy-MM-dd'T'HH:mm:ss ZZZ",
                    "yyyy-MM-dd'T'HH:mm:ss.SSSZ",
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSSZZ",
                    "yyyy-MM-dd'T'HH:mm:ss z",
                    "MM/dd/yyyy HH:mm:ss",
                    "M/d/yy h:mm a",
                    "dd/MMM/yyyy:HH:mm:ss Z",
                    "EEE MMM dd HH:mm:ss yyyy",
                    "EEE, dd MMM yyyy HH:mm:ss z",
                    "EEEE, MMMM d, yyyy",
                    "yyyyMMdd",
                    "yyyyMMddHHmmss",
                    "yyyyMMddHHmmssSSS",
                    "yyMMdd",
                    "yyMMddHHmmss",
                    "yyyy-DDD",
                    "yyyyDDD",
                    "xxxx-'W'ww-e",
                    "xxxx-'W'ww",
                    "yyyy.MM.dd G 'at' HH:mm:ss z",
                    "YYYY-MM-dd",
                    "YYYY-MM-DD",
                    "yyyy-MM-dd hh:mm:ss",
                    "yyyy-MM-dd KK:mm a",
                    "yyyy-MM-dd kk:mm",
                    "HH:mm a",
                    "HH:mm",
                    "dd",
                    "y");

    private static final List<String> TEXTS =
            List.of(
                    "2023-02-28",
                    "2023-02-29",
                    "2024-02-29",
                    "2024-2-9",
                    "2023-04-31",
                    "2023-00-10",
                    "2023-13-01",
                    "2023-01-00",
                    "2023-01-32",
                    "0000-01-01",
                    "-2023-01-01",
                    "+2023-01-01",
                    "12023-01-01",
                    "1-1-1",
                    "99-12-31",
                    "2024-01-01 00:00:00",
                    "2024-01-01 24:00:00",
                    "2024-01-01 23:59:60",
                    "2024-01-01 23:60:00",
                    "2024-1-1 1:2:3",
                    "2024-01-01 12:30:00",
                    "2024-01-01 01:02:03.4",
                    "2024-01-01 01:02:03.4567",
                    "2024-02-29T24:00:00",
                    "2024-02-29t10:11:12",
                    "2024-02-29T10:11:12Z",
                    "2024-02-29T10:11:12z",
                    "2024-02-29T10:11:12+01:00",
                    "2024-02-29T10:11:12+0100",
                    "2024-02-29T10:11:12-05",
                    "2024-02-29T10:11:12-5",
                    "2024-02-29T10:11:12+01:0",
                    "2024-02-29T10:11:12+013",
                    "2024-02-29T10:11:12+01:30:15",
                    "2024-02-29T10:11:12+013015",
                    "2024-02-29T10:11:12+013015500",
                    "2024-02-29T10:11:12+01:30:15.5",
                    "2024-02-29T10:11:12+01:30:15,5",
                    "2024-02-29T10:11:12+24:00",
                    "2024-02-29T10:11:12+23:59",
                    "2024-02-29T10:11:12+18:30",
                    "2024-02-29T10:11:12+",
                    "2024-02-29T10:11:12 +01:00",
                    "2024-02-29T10:11:12.5+0100",
                    "2024-02-29T10:11:12.500Z",
                    "2024-02-29T10:11:12.123456+00:00",
                    "2024-02-29T10:11:12.1234567+00:00",
                    "2024-02-29T10:11:12.+00:00",
                    "2024-02-29T10:11:12 Europe/Paris",
                    "2024-03-31T02:30:00 Europe/Paris",
                    "2024-10-27T02:30:00 Europe/Paris",
                    "2024-02-29T10:11:12 europe/paris",
                    "2024-02-29T10:11:12 Europe/Nowhere",
                    "2024-02-29T10:11:12 UTC",
                    "2024-02-29T10:11:12 EST",
                    "2024-07-01T10:11:12 EST",
                    "2024-07-01T10:11:12 PDT",
                    "2024-02-29T10:11:12 CET",
                    "2024-02-29T10:11:12 GMT",
                    "2024-02-29T10:11:12 gmt",
                    "2024-03-10T02:30:00 EST",
                    "02/31/2024 10:00:00",
                    "02/07/2024 24:00:00",
                    "2/7/2024 1:2:3",
                    "2/7/24 1:05 PM",
                    "2/7/24 1:05 pm",
                    "2/7/24 1:05 Pm",
                    "2/7/24 13:05 PM",
                    "2/7/24 0:05 AM",
                    "2/7/24 12:05 AM",
                    "2/7/99 1:05 AM",
                    "2/7/46 1:05 AM",
                    "2/7/45 1:05 AM",
                    "2/7/5 1:05 AM",
                    "2/7/2005 1:05 AM",
                    "2/7/+24 1:05 AM",
                    "2/7/-24 1:05 AM",
                    "2/7/024 1:05 AM",
                    "29/Feb/2024:10:11:12 +0000",
                    "29/feb/2024:10:11:12 -08:00",
                    "29/FEB/2024:10:11:12 Z",
                    "29/fEB/2024:10:11:12 +0000",
                    "29/February/2024:10:11:12 +0000",
                    "30/Feb/2024:10:11:12 +0000",
                    "29/Februar/2024:10:11:12 +0000",
                    "29/2/2024:10:11:12 +0000",
                    "Fri Feb 9 01:02:03 2024",
                    "Friday February 9 01:02:03 2024",
                    "Thu Feb 9 01:02:03 2024",
                    "fri feb 09 01:02:03 2024",
                    "Fri, 09 Feb 2024 01:02:03 GMT",
                    "Friday, February 9, 2024",
                    "Fri, Feb 9, 2024",
                    "20240229",
                    "2024229",
                    "20230229",
                    "20240229101112",
                    "2024022910111",
                    "20240229101112345",
                    "2024022910111234",
                    "240229",
                    "230229",
                    "24029",
                    "240229101112",
                    "990101",
                    "2024-060",
                    "2024-366",
                    "2023-366",
                    "2024-60",
                    "2024-0",
                    "2024060",
                    "2024-W05-1",
                    "2024-W53-1",
                    "2020-W53-7",
                    "2024-W05",
                    "2024-W5-8",
                    "2001.07.04 AD at 12:08:56 PDT",
                    "2001.07.04 BC at 12:08:56 UTC",
                    "2001.07.04 ce AT 12:08:56 UTC",
                    "44.03.15 BC at 12:00:00 UTC",
                    "2024-01-15",
                    "2024-02-15",
                    "2024-01-01 13:00:00",
                    "2024-01-01 00:30",
                    "2024-01-01 11:30 PM",
                    "2024-01-01 24:30",
                    "13:05 PM",
                    "01:05 PM",
                    "13:05 AM",
                    "10:30",
                    "24:00",
                    "29",
                    "31",
                    "0",
                    "",
                    " ",
                    "2024",
                    "999999999",
                    "9999999999",
                    "-1",
                    "2024-01-01 ",
                    " 2024-01-01",
                    "2024-01-01\n",
                    "\u0662\u0660\u0662\u0664-01-01");

    @Test
    void what_a_pattern_reads_is_what_joda_time_reads_with_it() {
        int read = 0;
        for (String pattern : PATTERNS) {
            for (String text : TEXTS) {
                read += compared(pattern, text) ? 1 : 0;
            }
        }

        assertThat(read).as("texts that were read").isGreaterThan(100);
    }

    @Property(tries = 10000)
    void any_pattern_reads_what_joda_time_reads_with_it(
            @ForAll("patterns") String pattern, @ForAll long seed) {
        for (String text : texts(pattern, new Random(seed))) {
            compared(pattern, text);
        }
    }

    @Provide
    Arbitrary<String> patterns() {
        Arbitrary<String> component = Arbitraries.of(COMPONENTS);
        Arbitrary<String> separator = Arbitraries.of(SEPARATORS);
        return separator
                .flatMap(s -> component.map(c -> c + s))
                .list()
                .ofMinSize(1)
                .ofMaxSize(7)
                .map(parts -> String.join("", parts));
    }

    /** A time written with the pattern, and what comes out when somebody slips. */
    private static List<String> texts(String pattern, Random random) {
        DateTimeZone zone = DateTimeZone.forID(random.nextBoolean() ? "UTC" : "America/New_York");
        DateTime time = new DateTime(Math.floorMod(random.nextLong(), 4_000_000_000_000L), zone);
        DateTimeFormatter formatter = joda(pattern);
        String written = formatter.withZone(zone).print(time);
        List<String> texts = new ArrayList<>(List.of(written));
        for (int i = 0; i < 6; i++) {
            texts.add(mutated(texts.get(random.nextInt(texts.size())), random));
        }
        return texts;
    }

    private static String mutated(String text, Random random) {
        if (text.isEmpty()) {
            return "0";
        }
        int at = random.nextInt(text.length());
        String before = text.substring(0, at);
        String rest = text.substring(at);
        String something = String.valueOf("0123456789+-:/.,TZz ".charAt(random.nextInt(20)));
        return switch (random.nextInt(6)) {
            case 0 -> before + rest.substring(1);
            case 1 -> before + rest.charAt(0) + rest;
            case 2 -> before + something + rest.substring(1);
            case 3 -> before + something + rest;
            case 4 -> text.toUpperCase(Locale.ROOT);
            default -> text.toLowerCase(Locale.ROOT);
        };
    }

    /**
     * Compares the two readings.
     *
     * @return whether the text means something
     */
    private static boolean compared(String pattern, String text) {
        JodaPattern ours = new JodaPattern(pattern);
        Long joda = jodaMillis(pattern, text);
        Instant instant = ours.parse(text, () -> THIS_YEAR);
        if (beyondTimestamps(instant) || joda != null && beyondTimestamps(joda)) {
            return false; // No row holds it: the reader refuses it, whatever it is.
        }
        if (joda == null && pattern.contains("ZZZ") && text.contains("/")) {
            return false; // Joda-Time takes UTC/2024 for a zone Something/Else that is not there.
        }

        if (instant == null
                && TWO_DIGIT_YEAR.matcher(pattern).find()
                && SIGNS.matcher(text).find()) {
            return false; // Joda-Time takes +-7 for the year -7, and what follows a minus for a
            // digit.
        }

        if (instant != null || joda == null) {
            assertThat(instant == null ? null : (Long) instant.toEpochMilli())
                    .as("'%s' read by %s", text, pattern)
                    .isEqualTo(joda);
            return instant != null;
        }
        // Only where Joda-Time itself gives a time of which the text is not true.
        JodaReading reading = ours.read(text, () -> THIS_YEAR);
        assertThat(reading).as("'%s' read by %s", text, pattern).isNotNull();
        assertThat(reading.agreesWith(reading.local(Instant.ofEpochMilli(joda))))
                .as("'%s' read by %s is %s", text, pattern, Instant.ofEpochMilli(joda))
                .isFalse();
        return false;
    }

    private static boolean beyondTimestamps(Instant instant) {
        return instant != null && Math.abs(instant.getEpochSecond()) > MAX_SECONDS;
    }

    private static boolean beyondTimestamps(long millis) {
        return Math.abs(millis / 1000) > MAX_SECONDS;
    }

    private static Long jodaMillis(String pattern, String text) {
        MutableDateTime time =
                new MutableDateTime(1970, 1, 1, 0, 0, 0, 0, ISOChronology.getInstanceUTC());
        try {
            int end = joda(pattern).parseInto(time, text, 0);
            return end == text.length() ? (Long) time.getMillis() : null;
        } catch (IllegalArgumentException refused) {
            return null;
        }
    }

    private static DateTimeFormatter joda(String pattern) {
        return DateTimeFormat.forPattern(pattern)
                .withLocale(Locale.ENGLISH)
                .withPivotYear(THIS_YEAR - 30);
    }
}
