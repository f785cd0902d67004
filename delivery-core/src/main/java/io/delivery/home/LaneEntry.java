package io.delivery.home;

import io.delivery.landing.LaneRecord.Kind;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A lane as {@code stream.meta} knows it. Each coming of a lane is a lane of its own, named after
 * the version that opened it: {@code main-1}. A lane that reads another log than the stream's
 * journal has that log's name behind a tilde, {@code main-1~orders.0}: so the name of its directory
 * tells it, too, and stays true when the lane has ended.
 *
 * @param begin the first sequence that it reads; counts as its checkpoint before it has any
 * @param until the sequence before which it ends; {@link #FOR_EVER} while it is switched on
 * @param lastVersion the last version of the definition before it was switched off; 0 while it is
 *     switched on
 */
public record LaneEntry(String name, long begin, long until, int lastVersion) {
    public static final long FOR_EVER = Long.MAX_VALUE;

    /** The name of the log that every stream has. */
    public static final String JOURNAL = "journal";

    /** Also the name of a directory, and a word between tildes, commas and slashes. */
    private static final Pattern LOG = Pattern.compile("[a-z0-9][a-z0-9._-]{0,79}");

    /** A lane that reads the journal. */
    public static LaneEntry opened(Kind kind, int version, long begin) {
        return opened(kind, version, JOURNAL, begin);
    }

    /**
     * A lane that reads this log.
     *
     * @param log up to 80 lower-case letters, digits, dots, underscores and hyphens
     * @throws IllegalArgumentException when that is no name of a log
     */
    public static LaneEntry opened(Kind kind, int version, String log, long begin) {
        if (!LOG.matcher(log).matches()) {
            throw new IllegalArgumentException("\"%s\" is no name of a log".formatted(log));
        }
        String name = kind.name().toLowerCase(Locale.ROOT) + "-" + version;
        return new LaneEntry(log.equals(JOURNAL) ? name : name + "~" + log, begin, FOR_EVER, 0);
    }

    /** The log that a lane of this name reads. */
    public static String logOf(String lane) {
        return lane.contains("~") ? lane.substring(lane.indexOf('~') + 1) : JOURNAL;
    }

    /** The log that it reads. */
    public String log() {
        return logOf(name);
    }

    public LaneEntry switchedOff(long atSequence, int underVersion) {
        return new LaneEntry(name, begin, atSequence, underVersion);
    }

    public boolean isOn() {
        return until == FOR_EVER;
    }

    public boolean is(Kind kind) {
        return isOf(kind, name);
    }

    /** Whether a lane of this name is of this kind. */
    public static boolean isOf(Kind kind, String lane) {
        return lane.startsWith(kind.name().toLowerCase(Locale.ROOT) + "-");
    }

    /** The log had reached this sequence when the lane came or was switched off. */
    public long knownEnd() {
        return isOn() ? begin : until;
    }

    /** As one word of {@code stream.meta}. */
    public String text() {
        if (!isOn()) {
            return name + "," + begin + "," + until + "," + lastVersion;
        }
        return begin == 0 ? name : name + "," + begin;
    }

    public static LaneEntry parse(String text) {
        String[] fields = text.split(",");
        return new LaneEntry(
                fields[0],
                fields.length > 1 ? Long.parseLong(fields[1]) : 0,
                fields.length > 2 ? Long.parseLong(fields[2]) : FOR_EVER,
                fields.length > 3 ? Integer.parseInt(fields[3]) : 0);
    }
}
