package io.delivery.lane;

import io.delivery.config.DiskDivision;
import io.delivery.engine.DiskShares;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.lane.encode.ClosedBuffers;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.range.PartitionBuffer;
import io.delivery.lane.range.SealTrigger;
import io.delivery.lane.record.Recorder;
import java.util.List;

/**
 * How much a lane may read, and how much of it may be encoded, before something has landed: its
 * room on disk, its share of the memory, and how many ranges and encodings may be under way.
 * Belongs to its lane's executor.
 *
 * <p>What is in a buffer counts on disk with its bytes in the spool; beside that the lane keeps
 * room for the largest object, for a few more, and for the error output on its way (decision 45).
 * Accept is never given any of that room. When none is left the lane seals what it has. Then
 * objects are encoded as far as there is room, the oldest range first, and what has landed makes
 * room for the next ones. So a full lane drains, whatever share of its records fails.
 */
final class Allowance implements ClosedBuffers.Room {
    /**
     * Lists of sequences stay in memory until their range is committed. Those of a range may take
     * this part of the memory for blocks in any case.
     */
    private static final int LISTS_OF_A_RANGE = 8;

    /**
     * As long as the lists of all lanes take less than this part of the memory for blocks, a range
     * may have more of them. Once they take as much, a range with more is sealed, and a lane that
     * has sealed ranges reads nothing, because only the commit of a range frees its lists.
     */
    private static final int LISTS_OF_ALL = 2;

    /**
     * An error line is in the spool and in the staging area for a while, and the last line of a
     * piece may be as long as the largest record.
     */
    private static final int PIECES_IN_ROOM = 8;

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
        return left() <= 0;
    }

    /** Whether it would still do so without these buffers. */
    boolean outOfRoomWithout(List<PartitionBuffer> buffers) {
        long bytes = 0;
        for (PartitionBuffer buffer : buffers) {
            bytes += buffer.records().recordBytes();
        }
        return left() + bytes <= 0;
    }

    /** Room for buffers beside what is held: when there is none, nothing more is read. */
    long left() {
        return DiskDivision.buffersBytes(share.laneRoom(limits), limits.keptBytes()) - held();
    }

    /**
     * Whether there is no room, and something is under way whose end may make some: a group that is
     * to be encoded, or an object that is to land.
     */
    boolean waitsForRoom() {
        return outOfRoom() && (closed.groups() > 0 || !nothingMakesRoom());
    }

    /** How much is read without room at a time when nothing is under way that would make some. */
    long pieceWithoutRoom() {
        return Math.max(1, limits.drainBytes() / PIECES_IN_ROOM);
    }

    /** Disk room that is taken or held for what is not committed, in bytes. */
    long held() {
        long sum = roomHeldByRepair + ranges.roomHeld(sideBySide());
        for (RangePlan range : recorder.plan().ranges()) {
            sum += range.stagedBytes();
        }
        return sum;
    }

    /** Bytes of objects that are to be encoded at a time. */
    long sideBySide() {
        return DiskDivision.sideBySideBytes(share.laneRoom(limits), limits.keptBytes());
    }

    private int sealedRanges() {
        int sealed = 0;
        for (RangePlan range : recorder.plan().ranges()) {
            sealed += range.sealed() ? 1 : 0;
        }
        return sealed;
    }

    private boolean listsHoldTheMemory() {
        return engine.memory().heldBytes() > engine.memory().limitBytes() / LISTS_OF_ALL
                && recorder.plan().sealedSequenceBytes() > 0;
    }

    /** A repair makes objects beside those of the open ranges. */
    void repairHolds(OpenRange range) {
        roomHeldByRepair = range == null ? 0 : range.roomHeld(sideBySide());
    }

    // --- asked for each group that is to be encoded ---

    /**
     * Whether a group may be encoded now. Only the error output of the oldest range may take the
     * room that it drains through: nothing of a younger range is recorded, landed and freed before.
     */
    @Override
    public boolean admits(ClosedBuffers.Group group) {
        OpenRange range = group.range();
        if (range.repairing()) {
            return true; // all its objects are recorded at once: waiting would make no room
        }
        boolean oldest = ranges.isOldest(range);
        long kept = oldest && group.ofErrors() ? 0 : limits.drainBytes();
        long beside = held() - range.roomHeld(sideBySide()) + range.roomTaken();
        return beside + range.roomFor(group.buffers()) + kept <= share.laneRoom(limits)
                || oldest && nothingMakesRoom();
    }

    /**
     * How many bytes of error lines this range may have in its open buffers before they are closed;
     * 0 when there is no room for another line now.
     */
    long errorPiece(OpenRange range) {
        long most = ranges.sizeHint(range.components());
        if (range.repairing()) {
            return most;
        }
        if (closed.awaitsErrorsOf(range)) {
            return 0; // the piece before is not with an encoder yet
        }
        boolean oldest = ranges.isOldest(range);
        long free = share.laneRoom(limits) - held() - (oldest ? 0 : limits.drainBytes());
        long least = pieceWithoutRoom();
        long piece = free / PIECES_IN_ROOM;
        if (piece < least) {
            piece = oldest && nothingMakesRoom() ? least : 0;
        }
        return piece == 0 ? 0 : Math.min(most, range.errorBytes() + piece);
    }

    /**
     * Whether nothing is under way whose end would make room: then the oldest range goes on without
     * it, one step at a time. That may happen after the lane's room has shrunk.
     */
    private boolean nothingMakesRoom() {
        return closed.running() == 0
                && recorder.waitingObjects() == 0
                && recorder.plan().oldestSealed() == null
                && (ranges.isEmpty() || ranges.oldest().staged().isEmpty())
                && !recorder.mayFree();
    }

    // --- asked for each record ---

    /** Whether buffers must be spilled after so many bytes more were read. */
    boolean spillIsDue(long bytes) {
        readSinceSpill += bytes;
        if (readSinceSpill < limits.spillEveryBytes() || !engine.memory().exceeded()) {
            return false;
        }
        readSinceSpill = 0;
        return true;
    }

    /** Asks for a seal when the range has taken its part of the memory or of the state. */
    void noteWhatIsUsedUp(OpenRange range) {
        long memory = engine.memory().limitBytes();
        long expected = range.expectedListBytes();
        if (range.recordedBytes() >= limits.stateBytesOfRange()
                || range.recordedBytes() + expected > memory / LISTS_OF_A_RANGE
                        && engine.memory().heldBytes() + expected > memory / LISTS_OF_ALL) {
            range.want(SealTrigger.STATE);
        }
    }

    /** Whether a range that takes so many bytes of the log has taken its part of the journal. */
    boolean isWholeRange(long logBytes) {
        return logBytes >= share.rangeBytes();
    }

    /** How many staged bytes are worth a sync that frees them, when reading waits for room. */
    long worthFreeing() {
        return sideBySide() / 2;
    }
}
