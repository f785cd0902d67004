package io.delivery.home;

import io.delivery.landing.LaneRecord.Kind;
import java.util.List;
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

    private static final List<Kind> KINDS = List.of(Kind.MAIN, Kind.BACKUP);

    private static final Pattern WORD =
            Pattern.compile(
                    "[a-z0-9][a-z0-9~._-]{0,127}(,[0-9]{1,19}(,[0-9]{1,19},[0-9]{1,10})?)?");

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
        String name = kind.word() + "-" + version;
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

    /** Which output it delivers to, as its name tells. */
    public Kind kind() {
        return kindOf(name);
    }

    /**
     * Which output a lane of this name delivers to.
     *
     * @throws IllegalArgumentException when this program knows no such lane
     */
    public static Kind kindOf(String name) {
        for (Kind kind : KINDS) {
            if (name.startsWith(kind.word() + "-")) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "lane %s is of a kind that this program does not know: a newer one wrote it"
                        .formatted(name));
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

    /**
     * The opposite of {@link #text}.
     *
     * @throws IllegalArgumentException when it is no lane that this program knows
     */
    public static LaneEntry parse(String text) {
        if (!WORD.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is no lane");
        }
        String[] fields = text.split(",");
        LaneEntry entry =
                new LaneEntry(
                        fields[0],
                        fields.length > 1 ? Long.parseLong(fields[1]) : 0,
                        fields.length > 2 ? Long.parseLong(fields[2]) : FOR_EVER,
                        fields.length > 2 ? Integer.parseInt(fields[3]) : 0);
        entry.kind();
        return entry;
    }
}
