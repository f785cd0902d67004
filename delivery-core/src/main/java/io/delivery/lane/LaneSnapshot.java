package io.delivery.lane;

import java.util.ArrayList;
import java.util.List;

/**
 * What others may see of a lane at one moment.
 *
 * @param troubles one sentence each; empty when nothing is the matter
 * @param checkpoint every sequence below is settled
 * @param durableCheckpoint every sequence below is settled, and that is durable
 * @param diskBytes what the lane takes of the disk, or may come to take without reading on
 */
public record LaneSnapshot(
        LaneStatus status,
        List<String> troubles,
        long checkpoint,
        long durableCheckpoint,
        long diskBytes) {
    /** The same with so many more records accepted, of which nothing else is known yet. */
    LaneSnapshot with(long accepted, long oldestMillis) {
        return new LaneSnapshot(
                status.with(accepted, oldestMillis),
                troubles,
                checkpoint,
                durableCheckpoint,
                diskBytes);
    }

    /**
     * Whether nothing is to be done until another record comes. A commit that is not durable yet
     * still counts as buffered; so a checkpoint that only an earlier process has synced, and this
     * one need not write again, keeps nobody busy.
     */
    public boolean isIdle() {
        return status.books().settled() && status.waitingObjects() == 0 && troubles.isEmpty();
    }

    /** The same with one trouble more. */
    LaneSnapshot with(String trouble) {
        List<String> all = new ArrayList<>(troubles);
        all.add(trouble);
        return new LaneSnapshot(status, all, checkpoint, durableCheckpoint, diskBytes);
    }
}
