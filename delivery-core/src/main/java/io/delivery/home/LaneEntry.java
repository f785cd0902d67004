package io.delivery.home;

import io.delivery.landing.LaneRecord.Kind;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A lane as {@code stream.meta} knows it. Each coming of a lane is a lane of its own, named after
 * the version that opened it.
 *
 * @param begin the first sequence that it reads; counts as its checkpoint before it has any
 * @param until the sequence before which it ends; {@link #FOR_EVER} while it is switched on
 * @param lastVersion the last version of the definition before it was switched off; 0 while it is
 *     switched on
 */
public record LaneEntry(String name, long begin, long until, int lastVersion) {
    public static final long FOR_EVER = Long.MAX_VALUE;

    private static final Pattern WORD =
            Pattern.compile(
                    "[a-z0-9][a-z0-9~._-]{0,127}(,[0-9]{1,19}(,[0-9]{1,19},[0-9]{1,10})?)?");

    public static LaneEntry opened(Kind kind, int version, long begin) {
        return new LaneEntry(
                kind.name().toLowerCase(Locale.ROOT) + "-" + version, begin, FOR_EVER, 0);
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

    /**
     * @throws IllegalArgumentException when no lane is written so
     */
    public static LaneEntry parse(String text) {
        if (!WORD.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is no lane");
        }
        String[] fields = text.split(",");
        return new LaneEntry(
                fields[0],
                fields.length > 1 ? Long.parseLong(fields[1]) : 0,
                fields.length > 2 ? Long.parseLong(fields[2]) : FOR_EVER,
                fields.length > 2 ? Integer.parseInt(fields[3]) : 0);
    }
}
