package io.delivery.testkit.simulation;

import io.delivery.engine.LaneLimits;
import io.delivery.lane.LaneStatus;
import io.delivery.stream.StreamStatus;
import io.delivery.testkit.SimEntropy;

/**
 * Lanes with so little room on the disk that a few records fill it, and the bound that they keep.
 */
final class SmallRoom {
    /**
     * A lane goes on by one record when nothing under way would make room: four parts of 3,000
     * bytes that fail, their error lines spooled and staged.
     */
    private static final long LARGEST_RECORD_BYTES = 2 * 4 * 4_500;

    private final LaneLimits limits;
    private String wrong = "";

    SmallRoom(LaneLimits limits) {
        this.limits = limits;
    }

    /** Limits that a few short records reach. */
    static LaneLimits limits(SimEntropy chance) {
        long room = 8_000L + chance.below(40_000);
        return new LaneLimits(
                50 + chance.below(500),
                1 + chance.below(500),
                1 + chance.below(10),
                1 + chance.below(4),
                1 + chance.below(4),
                1 + chance.below(400),
                1 + chance.below(4),
                300 + chance.below(3000),
                1000 + chance.below(4000),
                1 + chance.below(1000),
                room / 4,
                room / 2,
                room);
    }

    /** Whether no lane takes more of the disk than it may, for its spool and its staging area. */
    boolean holds(StreamStatus status) {
        if (limits == LaneLimits.DEFAULTS) {
            return true;
        }
        for (LaneStatus lane : status.lanes()) {
            long taken = lane.stagingBytes() + lane.spoolBytes();
            if (taken > limits.laneBytes() + LARGEST_RECORD_BYTES) {
                wrong =
                        "%s takes %d bytes of the disk, its room is %d"
                                .formatted(lane.lane(), taken, limits.laneBytes());
                return false;
            }
        }
        return true;
    }

    /** Why it does not hold. */
    String whatIsWrong() {
        return wrong;
    }
}
