package io.delivery.lane.range;

import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import java.util.List;

/**
 * The books of one range, in parts: what was read of it, and what became of that. Each term is
 * counted where it happens.
 */
final class RangeBooks {
    /** What an earlier seal of the range accounts for. */
    private final Standing standing;

    private long parts;
    private long dropped;
    private long damaged;
    private long absent;
    private long settledBefore;
    private long recordedByEarlier;

    /** What recorded objects hold. */
    private RecordSums records = RecordSums.NONE;

    RangeBooks(Standing standing) {
        this.standing = standing;
    }

    /** One more part belongs to the range, whose fate follows. */
    void part() {
        parts++;
    }

    /** One more part belongs to the range, which an object of an earlier process holds already. */
    void settledPart() {
        parts++;
        settledBefore++;
    }

    void lose(Selection.Loss loss) {
        settledBefore += loss.settledParts();
        damaged += loss.damaged();
        parts += loss.settledParts() + loss.damaged();
    }

    void passAbsent(Selection.Absence absence) {
        settledBefore += absence.settledParts();
        parts += absence.settledParts();
        absent += absence.sequences();
    }

    void drop() {
        dropped++;
    }

    void recorded(ObjectRecord object) {
        records = records.plus(object);
    }

    void recordedByEarlierProcess(ObjectRecord object) {
        recorded(object);
        recordedByEarlier += object.records();
    }

    /** Sequences that no record has. */
    long absent() {
        return absent;
    }

    /** What splitting has added to so many sequences. */
    long split(long sequences) {
        return parts - (sequences - absent);
    }

    /** Parts that are in recorded objects, dropped or damaged, of those that were read. */
    long counted() {
        long unread = recordedByEarlier - settledBefore; // this process has not come to them yet
        return records.all() + dropped + damaged - unread;
    }

    /**
     * The seal of the range.
     *
     * @param numbers of objects that were given before the last ones
     * @param last objects that are recorded together with the seal
     * @throws IllegalStateException when the books do not balance: the range is never committed
     *     then
     */
    Seal seal(long start, long end, SealTrigger trigger, int numbers, List<ObjectRecord> last) {
        RecordSums inObjects = records.plus(last);
        if (inObjects.all() + dropped + damaged != parts) {
            throw new IllegalStateException(
                    "the books do not balance: range [%d,%d) has %d parts, of which %d in objects,"
                                    .formatted(start, end, parts, inObjects.all())
                            + " %d dropped, %d damaged".formatted(dropped, damaged));
        }
        RecordSums sums = standing.records().plus(inObjects);
        return new Seal(
                start,
                Math.max(end, standing.end()),
                trigger.label(),
                numbers + last.size(),
                sums.main(),
                sums.error(),
                standing.dropped() + dropped,
                standing.damaged() + damaged,
                standing.absent() + absent);
    }
}
