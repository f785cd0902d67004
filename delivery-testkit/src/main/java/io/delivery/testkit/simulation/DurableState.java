package io.delivery.testkit.simulation;

import io.delivery.home.LaneEntry;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LocalLaneState;
import io.delivery.landing.SkippedFolder;
import io.delivery.record.Incarnation;
import io.delivery.record.ObjectName;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimWorld;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the next process would know if the power went now: the lanes of one data directory, read
 * from durable bytes only. Asserts the invariants of the landing protocol (docs/architecture.md)
 * that can be seen from there.
 */
final class DurableState {
    private final SimDisk disk;
    private final Disk durable;
    private final World world;
    private final Path data;
    private final Optional<SimulatedLog> otherLog;
    private final Map<Path, Lane> lanes = new LinkedHashMap<>();

    /** By the log: everything below has been committed by all lanes that read it. */
    private final Map<String, Long> checkpoints = new HashMap<>();

    private final Map<ObjectName, Identity> identities = new HashMap<>();

    /**
     * Objects that were durably said to have landed before their range was committed, if only for a
     * while.
     */
    private final Set<ObjectName> landed = new HashSet<>();

    private long checkedAt = -1;
    private boolean rotten;
    private boolean gone;

    /** What a key was given to. */
    private record Identity(String id, String mark, long length, int crc32) {}

    /** A lane as it is durable. */
    private static final class Lane {
        private final Path directory;
        private Object stamp;
        private LanePlan plan;
        private Map<ObjectName, ObjectRecord> objects = Map.of();

        /** Those of them of which it is not durable that they have landed. */
        private List<ObjectRecord> toLand = List.of();

        Lane(Path directory) {
            this.directory = directory;
        }
    }

    DurableState(SimWorld sim, Path data) {
        this(sim, data, Optional.empty());
    }

    /**
     * @param otherLog that the only stream reads beside its journal
     */
    DurableState(SimWorld sim, Path data, Optional<SimulatedLog> otherLog) {
        this.otherLog = otherLog;
        this.disk = sim.disk();
        this.durable = disk.durable();
        this.world = new World(sim.clock(), durable, sim.scheduler(), sim.world().entropy());
        this.data = data;
    }

    /**
     * From now on staged bytes may be found damaged: by the program, when it reads them. Objects
     * may become void.
     */
    void bytesMayRot() {
        rotten = true;
    }

    /** Whether objects may become void. */
    boolean rotten() {
        return rotten;
    }

    /** From now on files of staged bytes may be missing as well: the medium has lost them. */
    void bytesMayBeGone() {
        bytesMayRot();
        gone = true;
    }

    /** The record of an object that is not committed; null when none is durable. */
    ObjectRecord recorded(ObjectName name) throws IOException {
        for (Lane lane : lanes()) {
            ObjectRecord object = lane.objects.get(name);
            if (object != null) {
                return object;
            }
        }
        return null;
    }

    /** Whether an object was ever recorded under this name with this mark. */
    boolean everRecorded(ObjectName name, String mark) {
        Identity identity = identities.get(name);
        return identity != null && identity.mark.equals(mark);
    }

    /** Everything that is recorded and not committed. */
    List<ObjectName> recorded() throws IOException {
        List<ObjectName> all = new ArrayList<>();
        for (Lane lane : lanes()) {
            all.addAll(lane.objects.keySet());
        }
        return all;
    }

    /** The same, as they are recorded. */
    List<ObjectRecord> objects() {
        List<ObjectRecord> all = new ArrayList<>();
        try {
            for (Lane lane : lanes()) {
                all.addAll(lane.objects.values());
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return all;
    }

    /** What each lane has decided, by its directory. */
    Map<Path, LanePlan> plans() throws IOException {
        Map<Path, LanePlan> plans = new LinkedHashMap<>();
        for (Lane lane : lanes()) {
            plans.put(lane.directory, lane.plan);
        }
        return plans;
    }

    /** Whether a lane knows this multipart upload. */
    boolean knowsUpload(String uploadId) throws IOException {
        for (Lane lane : lanes()) {
            for (ObjectRecord object : lane.objects.values()) {
                if (uploadId.equals(lane.plan.uploadOf(object))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the recorded bytes of this object are durable. */
    boolean staged(ObjectRecord object) throws IOException {
        if (rotten) {
            return true; // not to be seen from here: the reader of the bytes must find out
        }
        for (Lane lane : lanes()) {
            if (lane.objects.containsKey(object.name())) {
                return SimulatedKeys.isWhole(durable, lane.directory, object.staged());
            }
        }
        return false;
    }

    /**
     * Asserts what must hold after every step.
     *
     * @param visible asked only when a range was committed
     */
    void check(SimulatedLake visible) throws IOException {
        checkDisk(visible);
        otherLog.ifPresent(this::otherForgetsOnlyWhatIsCommitted);
    }

    private void checkDisk(SimulatedLake visible) throws IOException {
        if (disk.turningPoints() == checkedAt) {
            return;
        }
        checkedAt = disk.turningPoints();
        for (Path home : durable.list(data.resolve("streams"))) {
            checkpoints.clear();
            for (Path directory : durable.list(home.resolve("lanes"))) {
                Lane lane = lanes.computeIfAbsent(directory, Lane::new);
                Map<ObjectName, ObjectRecord> before = lane.objects;
                if (read(lane, home)) {
                    committedOnlyWhatIsVisible(lane, before, visible);
                    landedOnlyWhatIsVisible(lane, visible);
                    everyKeyOnce(lane);
                }
                recordedBytesAreThere(lane);
                long begin = begin(home, directory);
                if (begin < Long.MAX_VALUE && (lane.plan == null || !lane.plan.ended())) {
                    checkpoints.merge(
                            LaneEntry.logOf(directory.getFileName().toString()),
                            lane.plan == null ? begin : lane.plan.checkpoint(),
                            Math::min);
                }
            }
            forgottenOnlyWhatIsCommitted(
                    home, checkpoints.getOrDefault(LaneEntry.JOURNAL, Long.MAX_VALUE));
        }
    }

    private Iterable<Lane> lanes() throws IOException {
        List<Lane> present = new ArrayList<>();
        for (Path home : durable.list(data.resolve("streams"))) {
            for (Path directory : durable.list(home.resolve("lanes"))) {
                Lane lane = lanes.computeIfAbsent(directory, Lane::new);
                Object stamp = disk.durableStamp(directory.resolve("state"));
                if (stamp != null && !stamp.equals(lane.stamp)) {
                    // Looked at without being kept: the next check compares with the last one.
                    lane = new Lane(directory);
                    read(lane, home);
                }
                if (lane.plan != null) {
                    present.add(lane);
                }
            }
        }
        return present;
    }

    /** True when what is durable has changed. */
    private boolean read(Lane lane, Path home) throws IOException {
        Path state = lane.directory.resolve("state");
        Object stamp = disk.durableStamp(state);
        if (stamp == null || stamp.equals(lane.stamp)) {
            return false;
        }
        lane.stamp = stamp;
        lane.plan = LocalLaneState.recover(lane.directory, incarnation(home), "", 0, world).plan();
        Map<ObjectName, ObjectRecord> objects = new LinkedHashMap<>();
        List<ObjectRecord> toLand = new ArrayList<>();
        for (LanePlan.RangePlan range : lane.plan.ranges()) {
            range.live().forEach(object -> objects.put(object.name(), object));
            toLand.addAll(range.toLand());
        }
        lane.objects = objects;
        lane.toLand = toLand;
        return true;
    }

    private Incarnation incarnation(Path home) throws IOException {
        return Incarnation.parse(meta(home).get(2));
    }

    /** Where a lane begins; at the end of all when it is none of the lanes, or not any more. */
    private long begin(Path home, Path lane) throws IOException {
        if (!durable.exists(home.resolve("stream.meta"))) {
            return 0; // nothing can have been forgotten yet
        }
        for (String word : meta(home).get(4).split(" ")) {
            String[] fields = word.split(",");
            if (fields[0].equals(lane.getFileName().toString())) {
                return fields.length > 1 ? Long.parseLong(fields[1]) : 0;
            }
        }
        return Long.MAX_VALUE;
    }

    private List<String> meta(Path home) throws IOException {
        try (DiskFile meta = durable.openReadOnly(home.resolve("stream.meta"))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) meta.length());
            meta.readFully(bytes, 0);
            return new String(bytes.array(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private void committedOnlyWhatIsVisible(
            Lane lane, Map<ObjectName, ObjectRecord> before, SimulatedLake lake)
            throws IOException {
        if (rotten) {
            return; // an object may have become void between two looks
        }
        Map<ObjectName, byte[]> visible = null;
        for (ObjectRecord object : before.values()) {
            boolean committed =
                    !lane.objects.containsKey(object.name())
                            && object.rangeStart() < lane.plan.checkpoint();
            if (committed) {
                visible = visible == null ? lake.visible() : visible;
                require(
                        isThere(object, visible),
                        () -> object.name() + " was committed and is not visible");
            }
        }
    }

    /** Whether an object is where it was to land: in its store, or in the folder of the skipped. */
    private boolean isThere(ObjectRecord object, Map<ObjectName, byte[]> visible)
            throws IOException {
        return object.isKeptLocally()
                ? durable.exists(data.resolve(SkippedFolder.NAME).resolve(object.name().toString()))
                : visible.containsKey(object.name());
    }

    /** A process that reads that asks for the object no more, and needs its bytes no more. */
    private void landedOnlyWhatIsVisible(Lane lane, SimulatedLake lake) throws IOException {
        Map<ObjectName, byte[]> visible = null;
        for (LanePlan.RangePlan range : lane.plan.ranges()) {
            for (ObjectRecord object : range.live()) {
                if (range.hasLanded(object) && landed.add(object.name())) {
                    visible = visible == null ? lake.visible() : visible;
                    require(
                            isThere(object, visible),
                            () -> object.name() + " is said to have landed and is not visible");
                }
            }
        }
    }

    /** How many objects were said to have landed before their range was committed. */
    int landedBeforeCommit() {
        return landed.size();
    }

    /**
     * Whether what is durable now says of this object that it has landed. That may be taken back: a
     * sync that fails may have made the record durable all the same. The process, which was not
     * told so, keeps the staged bytes and writes its state anew without the record.
     */
    boolean saidToHaveLanded(ObjectName name) throws IOException {
        for (Lane lane : lanes()) {
            ObjectRecord object = lane.objects.get(name);
            if (object != null) {
                return lane.plan.rangeAt(object.rangeStart()).hasLanded(object);
            }
        }
        return false;
    }

    private void everyKeyOnce(Lane lane) {
        for (ObjectRecord object : lane.objects.values()) {
            Identity identity =
                    new Identity(
                            object.id(),
                            object.attributes().mark(),
                            object.staged().length(),
                            object.staged().crc32());
            Identity earlier = identities.putIfAbsent(object.name(), identity);
            require(
                    earlier == null || earlier.equals(identity),
                    () ->
                            "the key %s was given twice: %s and %s"
                                    .formatted(object.name(), earlier, identity));
        }
    }

    private void recordedBytesAreThere(Lane lane) {
        for (ObjectRecord object : lane.toLand) {
            Path file = lane.directory.resolve("staging").resolve(object.staged().file());
            require(
                    gone || disk.exists(file) && disk.durableStamp(file) != null,
                    () ->
                            object.name()
                                    + " is recorded and has not landed, and its bytes are gone");
        }
    }

    private void forgottenOnlyWhatIsCommitted(Path home, long checkpoint) throws IOException {
        long begin = beginOfJournal(home);
        require(
                begin == Long.MAX_VALUE || checkpoint == Long.MAX_VALUE || begin <= checkpoint,
                () ->
                        "the journal of %s begins at %d, and only what is below %d is committed"
                                .formatted(home.getFileName(), begin, checkpoint));
    }

    private void otherForgetsOnlyWhatIsCommitted(SimulatedLog other) {
        long begin = other.log().begin();
        long checkpoint = checkpoints.getOrDefault(SimulatedLog.NAME, 0L);
        require(
                begin <= checkpoint,
                () ->
                        "the other log begins at %d, and only what is below %d is committed"
                                .formatted(begin, checkpoint));
    }

    /** {@code Long.MAX_VALUE} when there is none. */
    private long beginOfJournal(Path home) throws IOException {
        long begin = Long.MAX_VALUE;
        for (Path entry : disk.list(home.resolve("journal"))) {
            String name = entry.getFileName().toString();
            if (name.endsWith(".segment")) {
                begin = Math.min(begin, Long.parseLong(name.substring(0, 19)));
            }
        }
        return begin;
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
