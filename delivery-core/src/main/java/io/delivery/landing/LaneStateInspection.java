package io.delivery.landing;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.SequenceFate.Stage;
import io.delivery.mark.FoundMark;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks at the state of a lane and changes nothing: what it has decided as far as that can be
 * believed, and where the file is damaged. It works beside the process that owns the lane, and it
 * answers whatever is in the file.
 */
public final class LaneStateInspection {
    private final Path path;
    private final LanePlan plan = new LanePlan(0);
    private final List<CommittedRange> committed = new ArrayList<>();
    private boolean present;
    private boolean lacksMark;
    private long bytes;
    private long believedBytes;
    private Optional<Own> owner = Optional.empty();
    private Optional<Damage> damage = Optional.empty();

    /**
     * The state cannot be believed.
     *
     * @param offset where that begins: the first bad frame, or the end of the file; 0 where the
     *     file as a whole is concerned
     */
    public record Damage(Path file, StateFault fault, long offset, String reason) {
        /** Where in the file it is; empty when no place in it is concerned. */
        public OptionalLong place() {
            return switch (fault) {
                case BYTES, END -> OptionalLong.of(offset);
                case MARK, FILE -> OptionalLong.empty();
            };
        }
    }

    /**
     * The checkpoint that the file begins with: ranges that were committed before it are not in the
     * file. {@link Long#MAX_VALUE} when nothing in the file can be believed.
     */
    public long firstCheckpoint() {
        if (owner.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return committed.isEmpty() ? plan.checkpoint() : committed.get(0).start();
    }

    private LaneStateInspection(Path path) {
        this.path = path;
    }

    /**
     * Looks at a lane's directory; one without a state is a lane that has decided nothing.
     *
     * @throws IOException when the disk fails
     */
    public static LaneStateInspection of(Path directory, Disk disk) throws IOException {
        LaneStateInspection inspection = new LaneStateInspection(directory.resolve("state"));
        FoundMark mark = LaneMark.read(disk, directory);
        if (disk.exists(inspection.path)) {
            inspection.present = true;
            inspection.look(disk, mark);
            if (inspection.lacksMark && LaneMark.exists(disk, directory)) {
                return of(directory, disk); // the owner has made its first mark meanwhile
            }
        } else {
            LaneMark.lost(mark).ifPresent(lost -> inspection.damaged(StateFault.FILE, lost));
        }
        return inspection;
    }

    private void look(Disk disk, FoundMark mark) throws IOException {
        try (DiskFile file = disk.openReadOnly(path)) {
            bytes = file.length();
            if (bytes > Runtime.getRuntime().maxMemory() / 4) {
                damaged(
                        StateFault.FILE,
                        "%d bytes, more than this process can hold".formatted(bytes));
                return;
            }
            look(new StateReplay(file, path, mark, plan, new Kept()));
        } catch (IOException unreadable) {
            damaged(StateFault.FILE, "cannot be read: " + unreadable);
        }
    }

    private void look(StateReplay replay) throws IOException {
        try {
            while (replay.next()) {
                believedBytes = replay.believed();
            }
        } catch (LaneDamagedException nonsense) {
            damaged(StateFault.BYTES, "a frame that cannot be understood: " + nonsense.reason());
            return;
        }
        lacksMark = replay.lacksMark();
        replay.damage().ifPresent(reason -> damaged(replay.fault(), reason));
    }

    private final class Kept implements StateReplay.Visitor {
        @Override
        public void own(Own own) {
            owner = Optional.of(own);
        }

        @Override
        public void committed(CommittedRange range) {
            committed.add(range);
        }
    }

    private void damaged(StateFault fault, String reason) {
        long offset = fault == StateFault.FILE ? 0 : believedBytes;
        damage = Optional.of(new Damage(path, fault, offset, reason));
    }

    /** Where the state is, or would be. */
    public Path path() {
        return path;
    }

    /** Whether the lane has a state. */
    public boolean present() {
        return present;
    }

    /** Bytes of the file. */
    public long bytes() {
        return bytes;
    }

    /** Who wrote the file; empty when there is none or that cannot be read. */
    public Optional<Own> owner() {
        return owner;
    }

    /** What the lane has decided, as far as it can be believed. */
    public LanePlan plan() {
        return plan;
    }

    /** Ranges that were committed since the file was begun, oldest first. */
    public List<CommittedRange> committed() {
        return committed;
    }

    public Optional<Damage> damage() {
        return damage;
    }

    /** Bytes that a crash left behind the last frame, which a start cuts; 0 on damage. */
    public long tornBytes() {
        return damage.isPresent() ? 0 : bytes - believedBytes;
    }

    /** Where the torn bytes begin. */
    public long believedBytes() {
        return believedBytes;
    }

    /** What became of a sequence. */
    public SequenceFate fateOf(long sequence) {
        for (CommittedRange range : committed) {
            if (range.start() <= sequence && sequence < range.end()) {
                return range.fateOf(sequence);
            }
        }
        if (sequence < plan.begin()) {
            return SequenceFate.without(Stage.BEFORE_THE_LANE);
        }
        if (sequence < plan.checkpoint()) {
            return SequenceFate.without(Stage.FORGOTTEN);
        }
        for (RangePlan range : plan.ranges()) {
            if (range.sealed() && range.start() <= sequence && sequence < range.seal().end()) {
                Stage stage = range.broken() ? Stage.BROKEN : Stage.SEALED;
                return SequenceFate.of(stage, sequence, range, List.of());
            }
        }
        RangePlan open = plan.openRange();
        return open == null
                ? SequenceFate.without(Stage.OPEN)
                : SequenceFate.of(Stage.OPEN, sequence, open, List.of());
    }
}
