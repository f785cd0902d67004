package io.delivery.lane.range;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.Seal;

/**
 * What an earlier seal of a range accounts for and still stands, when the range gets other objects
 * for those that became void: the sums of the next seal are these and what is added.
 *
 * @param end behind the last sequence of the range
 * @param records in its live objects
 */
record Standing(long end, RecordSums records, long dropped, long damaged, long absent) {
    /** Nothing: the range has no seal yet. */
    static final Standing NOTHING = new Standing(0, RecordSums.NONE, 0, 0, 0);

    static Standing of(RangePlan broken) {
        RecordSums records = RecordSums.NONE.plus(broken.live());
        Seal seal = broken.seal();
        return new Standing(seal.end(), records, seal.dropped(), seal.damaged(), seal.absent());
    }
}
