package io.delivery.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/** One text while a pattern reads it: how far it has come, and what the text has said so far. */
final class JodaReading {
    /** What the text leaves out: the instant that Hive's TimestampParser starts from. */
    private static final LocalDateTime START = LocalDateTime.of(1970, 1, 1, 0, 0);

    final String text;

    /** Index of the next character. */
    int at;

    private final IntSupplier thisYear;
    private JodaField[] fields = new JodaField[8];
    private int[] values = new int[8];
    private int count;
    private boolean hasOffset;
    private long offsetMillis;
    private ZoneId zone;

    JodaReading(String text, IntSupplier thisYear) {
        this.text = text;
        this.thisYear = thisYear;
    }

    int thisYear() {
        return thisYear.getAsInt();
    }

    int remaining() {
        return text.length() - at;
    }

    /** One of these characters comes next. */
    boolean isOneOf(String characters) {
        return at < text.length() && characters.indexOf(text.charAt(at)) >= 0;
    }

    /** So many ASCII digits stand from an index on, at most {@code limit}. */
    int digits(int from, int limit) {
        int end = Math.min(text.length(), from + limit);
        int digit = from;
        while (digit < end && text.charAt(digit) >= '0' && text.charAt(digit) <= '9') {
            digit++;
        }
        return digit - from;
    }

    /**
     * Reads a number of exactly two digits.
     *
     * @return -1 when they are not there, or more than {@code max}
     */
    int twoDigits(int max) {
        if (digits(at, 2) < 2) {
            return -1;
        }
        int value = Integer.parseInt(text, at, at + 2, 10);
        at += 2;
        return value > max ? -1 : value;
    }

    /** The longest of these words that comes next; null when none does. */
    String longestOf(Map<String, ?> words, int longest) {
        for (int length = Math.min(longest, remaining()); length > 0; length--) {
            String word = text.substring(at, at + length);
            if (words.containsKey(word)) {
                return word;
            }
        }
        return null;
    }

    /** Notes a value behind those of fields that are set before it. */
    void save(JodaField field, int value) {
        if (count == fields.length) {
            fields = Arrays.copyOf(fields, count * 2);
            values = Arrays.copyOf(values, count * 2);
        }
        int place = count++;
        for (; place > 0 && fields[place - 1].place > field.place; place--) {
            fields[place] = fields[place - 1];
            values[place] = values[place - 1];
        }
        fields[place] = field;
        values[place] = value;
    }

    /** An offset outranks a zone, as in Joda-Time. */
    void saveOffset(long millis) {
        hasOffset = true;
        offsetMillis = millis;
    }

    void saveZone(ZoneId read) {
        zone = read;
    }

    /**
     * The instant that the text means.
     *
     * @return null when there is no such time (a 29th of February, an hour that a zone skips), or
     *     when parts of the text contradict each other
     */
    Instant instant() {
        try {
            LocalDateTime time = START;
            for (int i = 0; i < count; i++) {
                time = time.with(fields[i].field, values[i]);
            }
            // Joda-Time lets a later field move an earlier one: "Mon" would move a Friday's date.
            return agreesWith(time) ? inZone(time) : null;
        } catch (DateTimeException | ArithmeticException noSuchTime) {
            return null;
        }
    }

    /** Whether everything that the text says of date and time is true of this one. */
    boolean agreesWith(LocalDateTime time) {
        for (int i = 0; i < count; i++) {
            if (time.get(fields[i].field) != values[i]) {
                return false;
            }
        }
        return true;
    }

    /** What clocks showed at an instant where the text was written. */
    LocalDateTime local(Instant instant) {
        return hasOffset || zone == null
                ? LocalDateTime.ofInstant(instant.plusMillis(offsetMillis), ZoneOffset.UTC)
                : LocalDateTime.ofInstant(instant, zone);
    }

    private Instant inZone(LocalDateTime time) {
        if (hasOffset) {
            return time.toInstant(ZoneOffset.UTC).minusMillis(offsetMillis);
        }
        if (zone == null) {
            return time.toInstant(ZoneOffset.UTC);
        }
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
        // Where an hour comes twice, the first one is meant; Joda-Time takes it, too.
        return offsets.isEmpty() ? null : time.toInstant(offsets.get(0));
    }
}
