package io.delivery.lane.range;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;

/**
 * What an earlier seal of a range accounts for and still stands, when the range gets other objects
 * for those that became void: the sums of the next seal are these and what is added.
 *
 * @param end behind the last sequence of the range
 * @param main records in its live objects of the main output
 * @param error records in its live objects of the error output
 */
record Standing(long end, long main, long error, long dropped, long damaged, long absent) {
    /** Nothing: the range has no seal yet. */
    static final Standing NOTHING = new Standing(0, 0, 0, 0, 0, 0);

    static Standing of(RangePlan broken) {
        long main = 0;
        long error = 0;
        for (ObjectRecord object : broken.live()) {
            if (object.kind().isError()) {
                error += object.records();
            } else {
                main += object.records();
            }
        }
        Seal seal = broken.seal();
        return new Standing(seal.end(), main, error, seal.dropped(), seal.damaged(), seal.absent());
    }
}
