package io.delivery.record;

import java.time.Duration;
import java.util.Locale;

/** How a number of things or a time reads in a sentence for people. */
public final class Amount {
    private Amount() {}

    /**
     * A number with thousands separators and its noun: {@code 1 record}, {@code 12,345 records}.
     *
     * @param singular its plural takes an s
     */
    public static String of(long number, String singular) {
        return of(number, singular, singular + "s");
    }

    /** As above, for a noun whose plural is another: {@code 1 entry}, {@code 2 entries}. */
    public static String of(long number, String singular, String plural) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? singular : plural);
    }

    /** A number with thousands separators: {@code 12,345}. */
    public static String of(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A time in its two largest units: {@code 420 ms}, {@code 12 s}, {@code 7 min 3 s}. */
    public static String of(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 1) {
            return time.toMillis() + " ms";
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return "%d min %d s".formatted(seconds / 60, seconds % 60);
        }
        return seconds < 48 * 3600
                ? "%d h %d min".formatted(seconds / 3600, seconds / 60 % 60)
                : "%,d d %d h".formatted(seconds / 86_400, seconds / 3600 % 24);
    }
}
