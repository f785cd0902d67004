package io.delivery.lane;

import io.delivery.engine.DiskShares;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.lane.encode.ClosedBuffers;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.range.SealTrigger;
import io.delivery.lane.record.Recorder;

/**
 * How much a lane may read before something of it has landed: its room on disk, its share of the
 * memory, and how many ranges and encodings may be under way. Belongs to its lane's executor.
 *
 * <p>A part counts on disk with the most it may become from the moment it enters a buffer, so that
 * what was read can always be staged; accept is never given any of that room. When none is left the
 * lane seals what it has and waits until that has landed.
 */
final class Allowance {
    /**
     * Lists of sequences stay in memory until their range is committed. A range is sealed when its
     * lists may take this part of the memory for blocks. As long as the lists of all lanes take
     * twice as much, a lane that has sealed ranges reads nothing, because only the commit of a
     * range frees its lists.
     */
    private static final int LISTS_OF_A_RANGE = 8;

    private final Engine engine;
    private final LaneLimits limits;
    private final DiskShares.Share share;
    private final OpenRanges ranges;
    private final Recorder recorder;
    private final ClosedBuffers closed;
    private long roomHeldByRepair;
    private long readSinceSpill;

    Allowance(
            Engine engine,
            DiskShares.Share share,
            OpenRanges ranges,
            Recorder recorder,
            ClosedBuffers closed) {
        this.engine = engine;
        this.limits = engine.limits();
        this.share = share;
        this.ranges = ranges;
        this.recorder = recorder;
        this.closed = closed;
    }

    // --- asked for each step ---

    /** Whether what was read before has made enough progress to read on. */
    boolean hasRoom() {
        boolean idle = ranges.isEmpty() && recorder.plan().oldestRange() == null;
        // An idle lane reads on in any case: nothing is under way that could make room.
        return idle
                || sealedRanges() < limits.ranges()
                        && !closed.full()
                        && !outOfRoom()
                        && !listsHoldTheMemory()
                        && !closed.holdTheMemory();
    }

    /** Whether what was read may take all the disk room of this lane until it has landed. */
    boolean outOfRoom() {
        return !isLeftBeside(held());
    }

    /** Disk room that the uncommitted ranges may take in the end, in bytes. */
    long held() {
        long sum = roomHeldByRepair + ranges.roomHeld();
        for (RangePlan range : recorder.plan().ranges()) {
            sum += range.sealed() ? range.stagedBytes() : 0;
        }
        return sum;
    }

    private int sealedRanges() {
        int sealed = 0;
        for (RangePlan range : recorder.plan().ranges()) {
            sealed += range.sealed() ? 1 : 0;
        }
        return sealed;
    }

    private boolean listsHoldTheMemory() {
        return engine.memory().heldBytes() > listBytesOfRange() * 2
                && recorder.plan().sealedSequenceBytes() > 0;
    }

    private long listBytesOfRange() {
        return engine.memory().limitBytes() / LISTS_OF_A_RANGE;
    }

    /** A repair makes objects beside those of the open ranges. */
    void repairHolds(long roomHeld) {
        roomHeldByRepair = roomHeld;
    }

    // --- asked for each record ---

    /** Whether what is read next has room on disk beside so many bytes that are held. */
    boolean isLeftBeside(long heldBytes) {
        // What the next sequence may become must fit, however many parts it has.
        return share.laneBytes() - heldBytes - limits.sequenceBytes() > 0;
    }

    /** Whether buffers must be spilled after so many bytes more were read. */
    boolean spillIsDue(int bytes) {
        readSinceSpill += bytes;
        if (readSinceSpill < limits.spillEveryBytes() || !engine.memory().exceeded()) {
            return false;
        }
        readSinceSpill = 0;
        return true;
    }

    /** Asks for a seal when the range has taken its part of the disk or of the memory. */
    void noteWhatIsUsedUp(OpenRange range) {
        if (range.inputBytes() >= share.recentBytes() / 4) {
            range.want(SealTrigger.DISK_SHARE);
        }
        if (range.recordedBytes() >= limits.stateBytesOfRange()
                || range.recordedBytes() + range.expectedListBytes() > listBytesOfRange()) {
            range.want(SealTrigger.STATE);
        }
    }
}
