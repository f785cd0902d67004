package io.delivery.json;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** Reads what tells a text's offset or zone in a Joda-Time pattern. */
final class JodaZones {
    /**
     * Of {@code DateTimeUtils.getDefaultTimeZoneNames}: a name stands for a zone, not an offset.
     */
    private static final Map<String, ZoneId> NAMES =
            Map.ofEntries(
                    Map.entry("UT", ZoneOffset.UTC),
                    Map.entry("UTC", ZoneOffset.UTC),
                    Map.entry("GMT", ZoneOffset.UTC),
                    Map.entry("EST", ZoneId.of("America/New_York")),
                    Map.entry("EDT", ZoneId.of("America/New_York")),
                    Map.entry("CST", ZoneId.of("America/Chicago")),
                    Map.entry("CDT", ZoneId.of("America/Chicago")),
                    Map.entry("MST", ZoneId.of("America/Denver")),
                    Map.entry("MDT", ZoneId.of("America/Denver")),
                    Map.entry("PST", ZoneId.of("America/Los_Angeles")),
                    Map.entry("PDT", ZoneId.of("America/Los_Angeles")));

    private static final int LONGEST_NAME = JodaStep.longest(NAMES);

    private static final Map<String, ZoneId> IDS = ids();
    private static final int LONGEST_ID = JodaStep.longest(IDS);

    private JodaZones() {}

    private static Map<String, ZoneId> ids() {
        Map<String, ZoneId> ids = new HashMap<>();
        ZoneId.getAvailableZoneIds().forEach(id -> ids.put(id, ZoneId.of(id)));
        // Older JDKs do not count these names of the tz database among their zones.
        for (String id : new String[] {"EST", "MST", "HST"}) {
            ids.putIfAbsent(id, ZoneId.of(id, ZoneId.SHORT_IDS));
        }
        return ids;
    }

    /** One of eleven abbreviations; case matters. */
    static boolean name(JodaReading in) {
        return zone(in, NAMES, LONGEST_NAME);
    }

    /** A zone of the tz database, for example {@code Europe/Paris}; case matters. */
    static boolean id(JodaReading in) {
        return zone(in, IDS, LONGEST_ID);
    }

    private static boolean zone(JodaReading in, Map<String, ZoneId> zones, int longest) {
        String name = in.longestOf(zones, longest);
        if (name == null) {
            return false;
        }
        in.saveZone(zones.get(name));
        in.at += name.length();
        return true;
    }

    /**
     * {@code Z}, or a sign with {@code hh}, {@code hhmm}, {@code hhmmss}, {@code hhmmssSSS}, {@code
     * hh:mm}, {@code hh:mm:ss} or {@code hh:mm:ss.SSS}.
     */
    static boolean offset(JodaReading in) {
        if (in.isOneOf("Zz")) {
            in.at++;
            in.saveOffset(0);
            return true;
        }
        if (!in.isOneOf("+-")) {
            return false;
        }
        boolean west = in.isOneOf("-");
        in.at++;
        long millis = in.twoDigits(23) * 3_600_000L;
        if (millis < 0) {
            return false;
        }
        boolean colons = in.isOneOf(":");
        if (followed(in, colons ? ":" : "")) {
            int minutes = in.twoDigits(59);
            if (minutes < 0) {
                return false;
            }
            millis += minutes * 60_000L;
            if (followed(in, colons ? ":" : "")) {
                int seconds = in.twoDigits(59);
                if (seconds < 0) {
                    return false;
                }
                millis += seconds * 1000L;
                if (followed(in, colons ? ".," : "")) {
                    int digits = in.digits(in.at, 3);
                    if (digits == 0) {
                        return false;
                    }
                    int fraction = Integer.parseInt(in.text, in.at, in.at + digits, 10);
                    in.at += digits;
                    millis += digits == 1 ? fraction * 100 : digits == 2 ? fraction * 10 : fraction;
                }
            }
        }
        in.saveOffset(west ? -millis : millis);
        return true;
    }

    /** Takes a separator, or sees a digit where none is used: another part follows. */
    private static boolean followed(JodaReading in, String separators) {
        if (separators.isEmpty()) {
            return in.digits(in.at, 1) > 0;
        }
        boolean there = in.isOneOf(separators);
        in.at += there ? 1 : 0;
        return there;
    }
}
