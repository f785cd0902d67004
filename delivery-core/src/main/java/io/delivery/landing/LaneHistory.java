package io.delivery.landing;

import io.delivery.landing.LaneRecord.Own;
import io.delivery.mark.FoundMark;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a lane's state file tells from its beginning on: every range that was committed in it, and
 * what is left uncommitted at its end. For whoever looks at it from outside; changes nothing, and
 * may be read while its owner appends to it.
 */
public final class LaneHistory {
    private final LanePlan plan = new LanePlan(0);
    private Own owner;
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
     * @throws LaneDamagedException when the file is damaged where it was once durable, its mark
     *     says that it was there, or its records contradict each other
     */
    public static LaneHistory read(Path directory, Disk disk, Visitor visitor) throws IOException {
        Path path = directory.resolve("state");
        FoundMark mark = LaneMark.read(disk, directory);
        if (!disk.exists(path)) {
            LaneMark.requireNew(path, mark);
        }
        try (DiskFile file = disk.openReadOnly(path)) {
            StateScan judged = new StateScan(file, path, mark);
            while (judged.next()) {
                // The visitor is shown no range before the whole file was found undamaged.
            }
            if (judged.lacksMark() && LaneMark.exists(disk, directory)) {
                return read(
                        directory, disk, visitor); // the owner has made its first mark meanwhile
            }
            judged.requireUndamaged();
            LaneHistory history = new LaneHistory();
            history.bytes = judged.believed();
            history.tornBytes = judged.cutBytes();
            StateReplay replay =
                    new StateReplay(file, path, mark, history.plan, history.new Showing(visitor));
            // The owner may have appended more since.
            while (replay.believed() < judged.believed()) {
                if (!replay.next()) {
                    replay.requireUndamaged();
                    throw new LaneDamagedException(
                            path, "byte " + replay.believed(), "was whole a moment ago");
                }
            }
            return history;
        }
    }

    /** Keeps what the head says, and shows the ranges. */
    private final class Showing implements StateReplay.Visitor {
        private final Visitor visitor;

        Showing(Visitor visitor) {
            this.visitor = visitor;
        }

        @Override
        public void own(Own own) {
            owner = own;
        }

        @Override
        public void begins(long checkpoint) {
            firstCheckpoint = checkpoint;
        }

        @Override
        public void committed(CommittedRange range) throws IOException {
            visitor.committed(range);
        }
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
        return owner.incarnation();
    }

    /** Of the file's owner. */
    public long epoch() {
        return owner.epoch();
    }

    /** The program that began the file. */
    public String programVersion() {
        return owner.programVersion();
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
