package io.delivery.landing;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the state of a lane and changes nothing: what it has decided as far as that can be
 * believed, and where the file is damaged. Works beside the process that owns the lane. Whatever is
 * in the file, it answers.
 */
public final class LaneStateInspection {
    private final Path path;
    private final LanePlan plan = new LanePlan(0);
    private final List<CommittedRange> committed = new ArrayList<>();
    private boolean present;
    private long bytes;
    private long believedBytes;
    private Optional<Own> owner = Optional.empty();
    private Optional<Damage> damage = Optional.empty();

    /**
     * The state cannot be believed from here on.
     *
     * @param offset of the first bad frame
     */
    public record Damage(Path file, long offset, String reason) {}

    /**
     * Parts of one record in one object.
     *
     * @param parts their numbers, ascending
     * @param withLast whether the record's last part is among them
     * @param said what the store answered, once the object's range is committed
     */
    public record Held(
            ObjectRecord object, List<Integer> parts, boolean withLast, Optional<String> said) {}

    /** How far a lane is with one sequence. */
    public enum Stage {
        /** In front of where the lane began. */
        BEFORE_THE_LANE,
        /** Settled, and the objects of its range are not in the state any more. */
        FORGOTTEN,
        /** In a range whose objects have all been seen in the store. */
        COMMITTED,
        /** In a range that is decided and not yet landed as a whole. */
        SEALED,
        /** In a sealed range with void objects: some of its records are read again. */
        BROKEN,
        /** In the range that is being read, as far as it has been read. */
        OPEN
    }

    /**
     * What became of one sequence in this lane.
     *
     * @param held the objects with parts of it: empty for a record that was dropped, or that is in
     *     no object yet
     * @param voided objects whose staged bytes were damaged: what they held is in others, or will
     *     be
     * @param seal of its range, unless that is forgotten or open
     */
    public record Fate(
            Stage stage, List<Held> held, List<ObjectRecord> voided, Optional<Seal> seal) {}

    /**
     * Where the file began: what was committed before is not in it any more. Far behind everything
     * when there is nothing that can be believed.
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
        if (disk.exists(inspection.path)) {
            inspection.present = true;
            inspection.look(disk);
        }
        return inspection;
    }

    private void look(Disk disk) throws IOException {
        try (DiskFile file = disk.openReadOnly(path)) {
            bytes = file.length();
            if (bytes > Runtime.getRuntime().maxMemory() / 4) {
                damaged(0, "%d bytes, more than this process can hold".formatted(bytes));
                return;
            }
            look(new StateReplay(file, path, plan, new Kept()));
        } catch (IOException unreadable) {
            damaged(believedBytes, "cannot be read: " + unreadable);
        }
    }

    private void look(StateReplay replay) throws IOException {
        try {
            while (replay.next()) {
                believedBytes = replay.believed();
            }
        } catch (LaneDamagedException nonsense) {
            damaged(believedBytes, "a frame that cannot be understood: " + nonsense.reason());
            return;
        }
        if (replay.damaged()) {
            damaged(
                    believedBytes,
                    "no valid frame, and the file was durable up to byte "
                            + replay.highestDurable());
        }
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

    private void damaged(long offset, String reason) {
        damage = Optional.of(new Damage(path, offset, reason));
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

    /** Where those begin. */
    public long believedBytes() {
        return believedBytes;
    }

    /** What became of a sequence. */
    public Fate fateOf(long sequence) {
        for (CommittedRange range : committed) {
            if (range.start() <= sequence && sequence < range.end()) {
                return range.fateOf(sequence);
            }
        }
        if (sequence < plan.begin()) {
            return without(Stage.BEFORE_THE_LANE);
        }
        if (sequence < plan.checkpoint()) {
            return without(Stage.FORGOTTEN);
        }
        for (RangePlan range : plan.ranges()) {
            if (range.sealed() && range.start() <= sequence && sequence < range.seal().end()) {
                Stage stage = range.broken() ? Stage.BROKEN : Stage.SEALED;
                return fate(stage, sequence, range, List.of());
            }
        }
        RangePlan open = plan.openRange();
        return open == null ? without(Stage.OPEN) : fate(Stage.OPEN, sequence, open, List.of());
    }

    /** What became of a sequence of a range that was committed like this. */
    static Fate fate(RangePlan range, long sequence, Commit commit) {
        return fate(Stage.COMMITTED, sequence, range, commit.said());
    }

    private static Fate without(Stage stage) {
        return new Fate(stage, List.of(), List.of(), Optional.empty());
    }

    private static Fate fate(Stage stage, long sequence, RangePlan range, List<String> said) {
        List<ObjectRecord> voided = new ArrayList<>();
        held(sequence, range.voided(), List.of()).forEach(held -> voided.add(held.object()));
        return new Fate(
                stage,
                held(sequence, range.live(), said),
                voided,
                Optional.ofNullable(range.seal()));
    }

    private static List<Held> held(long sequence, List<ObjectRecord> objects, List<String> said) {
        List<Held> held = new ArrayList<>();
        for (ObjectRecord object : objects) {
            List<Integer> parts = new ArrayList<>();
            boolean last = object.sequences().partsOf(sequence, parts);
            if (!parts.isEmpty()) {
                // The store's answers are in the order of the objects' numbers.
                Optional<String> answer =
                        object.number() < said.size()
                                ? Optional.of(said.get(object.number()))
                                : Optional.empty();
                held.add(new Held(object, parts, last, answer));
            }
        }
        return held;
    }
}
