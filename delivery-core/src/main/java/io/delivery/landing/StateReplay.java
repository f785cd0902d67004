package io.delivery.landing;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.mark.FoundMark;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Takes a state file into a plan, frame by frame: the one way in which its records are read,
 * whoever reads them. Holds no more of the file than a frame.
 */
final class StateReplay {
    private final StateScan scan;
    private final Path path;
    private final LanePlan plan;
    private final Visitor visitor;
    private boolean owned;
    private long believed;

    /** Is told what the file says and the plan does not hold. */
    interface Visitor {
        /** The file belongs to this owner. */
        default void own(Own own) throws IOException {}

        /** The file begins behind this checkpoint. */
        default void begins(long checkpoint) throws IOException {}

        /** The oldest range was committed; the plan has just forgotten it. */
        default void committed(CommittedRange range) throws IOException {}
    }

    /**
     * @param file read from its beginning
     * @param path for messages
     * @param mark of the file, read before it was opened
     * @param plan new, takes what the file says
     */
    StateReplay(DiskFile file, Path path, FoundMark mark, LanePlan plan, Visitor visitor)
            throws IOException {
        this.scan = new StateScan(file, path, mark);
        this.path = path;
        this.plan = plan;
        this.visitor = visitor;
    }

    /**
     * Takes the next frame; false where the first bad stretch or the end of the file is.
     *
     * @throws LaneDamagedException when its checksum fits, and it says what cannot be understood or
     *     what no lane writes: nothing behind it has a meaning
     */
    boolean next() throws IOException {
        return nextUpTo(Long.MAX_VALUE);
    }

    /**
     * As {@link #next}, and false as well in front of a commit that ends behind this checkpoint.
     */
    boolean nextUpTo(long checkpoint) throws IOException {
        long frame = scan.believed();
        if (!scan.next()) {
            return false;
        }
        for (LaneRecord record : records(frame)) {
            if (record instanceof Commit commit && commit.end() > checkpoint) {
                return false;
            }
            take(record, frame);
        }
        believed = scan.believed();
        return true;
    }

    private List<LaneRecord> records(long frame) throws LaneDamagedException {
        try {
            return scan.records();
        } catch (IOException | RuntimeException unreadable) {
            throw damaged(frame, unreadable.getMessage());
        }
    }

    private void take(LaneRecord record, long frame) throws IOException {
        if (!owned) {
            visitor.own(owner(record, frame));
            owned = true;
            return;
        }
        Optional<CommittedRange> forgotten;
        try {
            forgotten = decided(record);
        } catch (RuntimeException contradiction) {
            throw damaged(frame, contradiction.getMessage());
        }
        if (record instanceof Snapshot snapshot) {
            visitor.begins(snapshot.checkpoint());
        }
        if (forgotten.isPresent()) {
            visitor.committed(forgotten.get());
        }
    }

    private Own owner(LaneRecord first, long frame) throws LaneDamagedException {
        if (first instanceof Own own) {
            return own;
        }
        throw damaged(frame, "it names no owner of the file");
    }

    /** Applies the record; returns the range that the plan forgets with it. */
    private Optional<CommittedRange> decided(LaneRecord record) {
        if (record instanceof ObjectRecord object) {
            object.sequences().highestSequence(); // a list that cannot be read shows here
        }
        Optional<CommittedRange> forgotten =
                record instanceof Commit commit && plan.oldestRange() != null
                        ? Optional.of(CommittedRange.of(plan, commit))
                        : Optional.empty();
        plan.apply(record);
        return forgotten;
    }

    private LaneDamagedException damaged(long frame, String reason) {
        return new LaneDamagedException(path, "the frame at byte " + frame, reason);
    }

    /** Where the last frame ends that was taken. */
    long believed() {
        return believed;
    }

    /** Why the file cannot be believed; empty when it can. Asked behind the last frame. */
    Optional<String> damage() {
        return scan.damage();
    }

    /** As {@link StateScan#fault}. */
    StateFault fault() {
        return scan.fault();
    }

    /** As {@link StateScan#lacksMark}. */
    boolean lacksMark() {
        return scan.lacksMark();
    }

    /**
     * Asked behind the last frame.
     *
     * @return bytes behind it: a torn append, or one that was under way
     * @throws LaneDamagedException when the file is damaged where it was once durable
     */
    long requireUndamaged() throws LaneDamagedException {
        scan.requireUndamaged();
        return scan.cutBytes();
    }
}
