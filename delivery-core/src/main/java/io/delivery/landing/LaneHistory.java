package io.delivery.landing;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a lane's state file tells from its beginning on: every range that was committed in it, and
 * what is left uncommitted at its end. For whoever looks at it from outside; changes nothing, and
 * may be read while its owner appends to it.
 */
public final class LaneHistory {
    private final LanePlan plan = new LanePlan(0);
    private String incarnation = "";
    private String programVersion = "";
    private long epoch;
    private long firstCheckpoint;
    private long bytes;
    private long tornBytes;

    private LaneHistory() {}

    /** Is shown each range when it is committed, the oldest first. */
    @FunctionalInterface
    public interface Visitor {
        void committed(CommittedRange range) throws IOException;
    }

    /**
     * Reads the state of a lane.
     *
     * @param directory of the lane
     * @throws java.nio.file.NoSuchFileException when the lane has recorded nothing yet
     * @throws LaneDamagedException when the file is damaged where it was once durable, or its
     *     records contradict each other
     */
    public static LaneHistory read(Path directory, Disk disk, Visitor visitor) throws IOException {
        Path path = directory.resolve("state");
        try (DiskFile file = disk.openReadOnly(path)) {
            StateScan judged = new StateScan(file, path);
            while (judged.next()) {
                // Nobody is shown anything of a file before all of it was judged.
            }
            judged.requireUndamaged();
            LaneHistory history = new LaneHistory();
            history.bytes = judged.believed();
            history.tornBytes = judged.cutBytes();
            StateScan scan = new StateScan(file, path);
            while (scan.believed() < judged.believed() && scan.next()) {
                history.apply(scan.records(), visitor, path);
            }
            return history;
        }
    }

    private void apply(List<LaneRecord> records, Visitor visitor, Path path) throws IOException {
        for (LaneRecord record : records) {
            if (record instanceof Own own) {
                incarnation = own.incarnation();
                epoch = own.epoch();
                programVersion = own.programVersion();
            } else {
                try {
                    applyDecision(record, visitor);
                } catch (IllegalStateException contradiction) {
                    throw new LaneDamagedException(path + ": " + contradiction.getMessage());
                }
            }
        }
    }

    private void applyDecision(LaneRecord record, Visitor visitor) throws IOException {
        CommittedRange range =
                record instanceof Commit commit && plan.oldestRange() != null
                        ? CommittedRange.of(plan, commit)
                        : null;
        plan.apply(record);
        if (record instanceof Snapshot) {
            firstCheckpoint = plan.checkpoint();
        }
        if (range != null) {
            visitor.committed(range);
        }
    }

    /**
     * Shows the ranges that were committed in a file up to a checkpoint, holding no more of it than
     * a frame and what is uncommitted.
     *
     * @param checkpoint later commits are not shown
     * @return the checkpoint of the last range that was shown
     */
    static long replay(DiskFile file, Path path, long checkpoint, Replay replay)
            throws IOException {
        StateScan frames = new StateScan(file, path);
        LanePlan plan = new LanePlan(0);
        while (frames.next()) {
            for (LaneRecord record : frames.records()) {
                if (record instanceof Own) {
                    continue;
                }
                if (record instanceof Commit commit) {
                    if (commit.end() > checkpoint) {
                        return plan.checkpoint();
                    }
                    CommittedRange range = CommittedRange.of(plan, commit);
                    plan.apply(record);
                    replay.committed(range);
                } else {
                    plan.apply(record);
                    if (record instanceof Snapshot snapshot) {
                        replay.begins(snapshot.checkpoint());
                    }
                }
            }
        }
        return plan.checkpoint();
    }

    /** What {@link #replay} shows. */
    interface Replay extends Visitor {
        /** The file begins behind this checkpoint. */
        void begins(long checkpoint) throws IOException;
    }

    /** What is decided and not forgotten at the end of the file. */
    public LanePlan plan() {
        return plan;
    }

    /**
     * Everything below had been committed when the file was begun: earlier ranges are not in it.
     */
    public long firstCheckpoint() {
        return firstCheckpoint;
    }

    /** Of the stream, 32 hexadecimal digits. */
    public String incarnation() {
        return incarnation;
    }

    /** Of the file's owner. */
    public long epoch() {
        return epoch;
    }

    /** The program that began the file. */
    public String programVersion() {
        return programVersion;
    }

    /** Bytes of the file that are believed. */
    public long bytes() {
        return bytes;
    }

    /** Bytes behind the last whole frame: a torn append, or one that was under way. */
    public long tornBytes() {
        return tornBytes;
    }
}
