package io.delivery.testkit.simulation;

import io.delivery.engine.LaneLimits;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.SequenceList;
import io.delivery.record.ObjectName;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.SimulatedCrash;
import io.delivery.testkit.simulation.CrashTableContract.Aftermath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.zip.CRC32;

/**
 * The standard run of the crash table: two ranges of a partitioned stream with a backup and a
 * transform that answers differently in each process. Always the same up to its crash.
 */
final class CrashRun {
    private static final Path DATA = Path.of("/data");

    /** How much room on the disk a lane has. */
    enum Room {
        ENOUGH(1 << 20, 1 << 20, 8 << 20),
        /** Objects land and are freed before there is room for the next ones. */
        SHORT(1_000, 2_000, 8_000);

        /** Buffers close after a few records, one object per staging file and encoder. */
        private final LaneLimits limits;

        Room(long sequenceBytes, long drainBytes, long laneBytes) {
            this.limits =
                    new LaneLimits(
                            60,
                            1000,
                            3,
                            4,
                            4,
                            100,
                            2,
                            100_000,
                            100_000,
                            1000,
                            sequenceBytes,
                            drainBytes,
                            laneBytes);
        }
    }

    /** How a stream keeps what it has on the disk. */
    enum Kept {
        PLAIN,
        ENCRYPTED
    }

    private final LaneLimits limits;
    private final SimWorld sim = SimWorld.seeded(7);
    private final SimulatedStream stream;
    private final SimulatedLake lake;
    private final DurableState durable = new DurableState(sim, DATA);
    private final StoreWatch watch = new StoreWatch(durable, new Counts());
    private final Set<Path> recordedFiles = new HashSet<>();

    private DiskCall lastCall;
    private DiskCall callBefore;
    private long callsBegun;
    private long stepsBegun;
    private long crashStep = Long.MAX_VALUE;
    private long crashCall;
    private int processes;

    CrashRun(Function<SimWorld, SimulatedLake> lake, Room room, Kept kept) {
        Shape shape =
                Shape.plain("clicks")
                        .withBackup()
                        .withPartitions(10)
                        .with(Shape.Transform.NUMBERS_THE_RUN);
        this.stream =
                new SimulatedStream(
                        switch (kept) {
                            case PLAIN -> shape;
                            case ENCRYPTED -> shape.withEncryption();
                        },
                        sim.chance().fork());
        this.limits = room.limits;
        this.lake = lake.apply(sim);
        sim.disk()
                .onCall(
                        call -> {
                            callBefore = lastCall;
                            lastCall = call;
                        });
    }

    long diskCalls() {
        return sim.disk().mutations() - callsBegun;
    }

    long steps() {
        return sim.scheduler().steps() - stepsBegun;
    }

    /** Runs to the end without a crash. */
    void runWhole() throws IOException {
        begin();
        standardRun();
        drain();
    }

    /** Dies in the n-th call that changes the disk, then recovers. */
    Set<CrashRow> crashInCall(long call, Aftermath aftermath) {
        crashCall = call;
        return crashed("in disk call " + call, aftermath);
    }

    /** Dies after the n-th step, then recovers. */
    Set<CrashRow> crashAfterStep(long step, Aftermath aftermath) {
        crashStep = step;
        return crashed("after step " + step, aftermath);
    }

    private Set<CrashRow> crashed(String when, Aftermath aftermath) {
        try {
            try {
                begin();
                standardRun();
            } catch (SimulatedCrash end) {
                // As planned; what follows runs to its end.
            }
            crashStep = Long.MAX_VALUE;
            if (!sim.disk().crashed()) {
                sim.kill();
            }
            Set<CrashRow> rows = rows(aftermath);
            recover(aftermath);
            return rows;
        } catch (AssertionError | RuntimeException | IOException failed) {
            throw new AssertionError(
                    "crash %s, last %s, then %s: %s"
                            .formatted(when, lastCall, aftermath, failed.getMessage()),
                    failed);
        }
    }

    // --- the run ---

    private void begin() throws IOException {
        sim.disk().createDirectories(DATA);
        sim.disk().syncDirectory(DATA.getParent());
        callsBegun = sim.disk().mutations();
        stepsBegun = sim.scheduler().steps();
        if (crashCall > 0) {
            sim.disk().crashAfter(crashCall);
        }
        start();
    }

    private void start() throws IOException {
        ObjectStore store = watch.open(lake.open(sim.world()));
        stream.start(
                SimulatedProcess.begin(
                        sim, ++processes, DATA, name -> store, limits, 1 << 20, 64L << 20));
    }

    private void standardRun() throws IOException {
        stream.put(List.of(List.of("a"), List.of("a", "b", "a"), List.of("c")));
        work();
        stream.flush();
        work();
        stream.put(List.of(List.of("a", "b", "c", "a"), List.of("b")));
        stream.put(List.of(List.of("a", "", "c", "a")));
        work();
        stream.put(List.of(List.of("b", "b")));
        work();
        stream.flush();
        work();
    }

    /** Runs what can be run without waiting. */
    private void work() throws IOException {
        while (step()) {
            continue;
        }
    }

    private boolean step() throws IOException {
        if (steps() >= crashStep) {
            throw new SimulatedCrash("after step " + crashStep);
        }
        boolean ran = sim.scheduler().runOne();
        if (sim.disk().crashed()) {
            // The step took the end of its process for a failure, and nobody is there to hear it.
            throw new SimulatedCrash("in " + lastCall);
        }
        watch.check();
        stream.check();
        durable.check(lake);
        noteStaged();
        return ran;
    }

    private void noteStaged() throws IOException {
        for (Map.Entry<Path, LanePlan> lane : durable.plans().entrySet()) {
            for (LanePlan.RangePlan range : lane.getValue().ranges()) {
                for (ObjectRecord object : range.objects()) {
                    recordedFiles.add(staged(lane.getKey(), object));
                }
            }
        }
    }

    private static Path staged(Path lane, ObjectRecord object) {
        return lane.resolve("staging").resolve(object.staged().file());
    }

    private void drain() throws IOException {
        CompletionStage<Void> flushed = stream.flush();
        for (int i = 0; i < 100_000; i++) {
            if (flushed.toCompletableFuture().isDone() && stream.settled()) {
                stream.audit(lake.visible());
                return;
            }
            if (!step()) {
                sim.scheduler().letTimePass();
            }
        }
        throw new AssertionError("the stream does not drain: " + stream.status());
    }

    // --- the end and what follows ---

    private void recover(Aftermath aftermath) throws IOException {
        Map<ObjectName, ObjectRecord> decided = decided();
        stream.gone();
        switch (aftermath) {
            case ANOTHER_PROCESS -> {}
            case POWER_CUT -> sim.disk().powerCutLosingAllUnsynced();
            case POWER_CUT_AFTER_THE_RESTART -> {
                sim.restart();
                start();
                // Sooner or later in the second life, from one crash to the next.
                for (long steps = sim.disk().mutations() % 40; steps > 0 && step(); steps--) {
                    continue;
                }
                sim.disk().powerCutLosingAllUnsynced();
                stream.gone();
            }
            case ANOTHER_DEFINITION -> stream.redefineAtNextStart();
        }
        sim.restart();
        start();
        drain();
        landedAsDecided(decided);
    }

    /** Every object that is durably recorded at this moment. */
    private Map<ObjectName, ObjectRecord> decided() throws IOException {
        Map<ObjectName, ObjectRecord> decided = new HashMap<>();
        for (LanePlan plan : durable.plans().values()) {
            for (LanePlan.RangePlan range : plan.ranges()) {
                range.objects().forEach(object -> decided.put(object.name(), object));
            }
        }
        return decided;
    }

    private void landedAsDecided(Map<ObjectName, ObjectRecord> decided) throws IOException {
        Map<ObjectName, byte[]> visible = lake.visible();
        decided.forEach(
                (name, object) -> {
                    byte[] bytes = visible.get(name);
                    CRC32 crc = new CRC32();
                    crc.update(bytes == null ? new byte[0] : bytes);
                    if (bytes == null || (int) crc.getValue() != object.staged().crc32()) {
                        throw new AssertionError(
                                name + " was recorded and did not land with those bytes");
                    }
                });
    }

    // --- which rows it is ---

    private Set<CrashRow> rows(Aftermath aftermath) throws IOException {
        Set<CrashRow> rows = EnumSet.noneOf(CrashRow.class);
        if (stream.oracle().sent() > stream.oracle().accepted().size()) {
            rows.add(CrashRow.BEFORE_THE_FSYNC_OF_ACCEPT);
        }
        boolean dead = sim.disk().crashedInCall();
        // Whoever looks at the disk now is the next process, or nobody.
        sim.restart();
        Set<ObjectName> visible = lake.visible().keySet();
        boolean unrecorded = rowsOfStaging(rows, dead);
        long settledSequences = 0;
        for (Map.Entry<Path, LanePlan> lane : durable.plans().entrySet()) {
            if (lane.getKey().getFileName().toString().startsWith("main")) {
                settledSequences = lane.getValue().knownEnd();
            }
            rowsOfPlan(rows, lane.getValue(), visible, dead);
        }
        if (stream.oracle().accepted().size() > settledSequences && !unrecorded) {
            rows.add(CrashRow.AFTER_200_BEFORE_ANY_CLOSE);
        }
        for (String upload : lake.openUploads()) {
            if (!durable.knowsUpload(upload)) {
                rows.add(CrashRow.AFTER_CREATE_MULTIPART_BEFORE_UPLOAD_IS_RECORDED);
            }
        }
        rowsOfAftermath(rows, aftermath, dead);
        sim.kill();
        return rows;
    }

    /** True when there are staged bytes that no record names. */
    private boolean rowsOfStaging(Set<CrashRow> rows, boolean dead) throws IOException {
        boolean unrecorded = false;
        if (dead && lastCall.touches("staging") && lastCall.kind() != DiskCall.Kind.DELETE) {
            rows.add(CrashRow.WHILE_STAGING);
        }
        for (Path home : sim.disk().list(DATA.resolve("streams"))) {
            for (Path lane : sim.disk().list(home.resolve("lanes"))) {
                Set<Path> named = new HashSet<>();
                Set<Path> landed = new HashSet<>();
                LanePlan plan = durable.plans().get(lane);
                if (plan != null) {
                    for (LanePlan.RangePlan range : plan.ranges()) {
                        range.objects().forEach(object -> named.add(staged(lane, object)));
                        range.objects().stream()
                                .filter(range::hasLanded)
                                .forEach(object -> landed.add(staged(lane, object)));
                        range.toLand().forEach(object -> landed.remove(staged(lane, object)));
                    }
                }
                for (Path file : sim.disk().list(lane.resolve("staging"))) {
                    if (landed.contains(file)) {
                        rows.add(
                                CrashRow
                                        .AFTER_AN_OBJECT_HAS_LANDED_FOR_GOOD_BEFORE_ITS_BYTES_ARE_DELETED);
                    }
                    if (named.contains(file)) {
                        continue;
                    }
                    if (recordedFiles.contains(file)) {
                        rows.add(CrashRow.AFTER_COMMIT_BEFORE_STAGING_IS_DELETED);
                    } else {
                        unrecorded = true;
                        rows.add(CrashRow.AFTER_STAGING_BEFORE_OBJECT);
                        if (dead && isStateAppend(lane)) {
                            rows.add(CrashRow.IN_AN_OBJECT_APPEND);
                        }
                    }
                }
            }
        }
        return unrecorded;
    }

    private boolean isStateAppend(Path lane) {
        return lastCall.path().startsWith(lane)
                && lastCall.path().getFileName().toString().startsWith("state")
                && (lastCall.kind() == DiskCall.Kind.WRITE
                        || lastCall.kind() == DiskCall.Kind.SYNC);
    }

    private void rowsOfPlan(
            Set<CrashRow> rows, LanePlan plan, Set<ObjectName> visible, boolean dead) {
        for (LanePlan.RangePlan range : plan.ranges()) {
            long seen = range.objects().stream().filter(o -> visible.contains(o.name())).count();
            for (ObjectRecord object : range.objects()) {
                boolean asked = watch.underWay().contains(object.name());
                if (visible.contains(object.name())) {
                    if (asked) {
                        rows.add(CrashRow.AFTER_ITS_UPLOAD_BEFORE_THE_ANSWER);
                    }
                } else {
                    rows.add(
                            asked
                                    ? CrashRow.DURING_ITS_UPLOAD
                                    : CrashRow.AFTER_OBJECT_BEFORE_ITS_UPLOAD);
                    if (asked && lake.onTheWire() > 0) {
                        rows.add(CrashRow.WITH_A_LATE_PUT_UNDER_WAY);
                    }
                }
            }
            if (range.objects().stream().anyMatch(range::hasLanded)) {
                rows.add(CrashRow.AFTER_AN_OBJECT_HAS_LANDED_FOR_GOOD_BEFORE_COMMIT);
            }
            if (!range.sealed()) {
                rows.add(CrashRow.AFTER_SOME_OBJECTS_BEFORE_SEAL);
                if (partlySettled(range.objects())) {
                    rows.add(CrashRow.WITH_SOME_PARTS_OF_A_RECORD_SETTLED);
                }
            } else if (seen == 0) {
                rows.add(CrashRow.AFTER_SEAL_BEFORE_ANY_UPLOAD);
            } else if (seen < range.objects().size()) {
                rows.add(CrashRow.AFTER_SOME_OF_THE_UPLOADS);
            } else {
                rows.add(CrashRow.AFTER_ALL_UPLOADS_BEFORE_COMMIT);
                if (dead && lastCall.path().getFileName().toString().startsWith("state")) {
                    rows.add(CrashRow.DURING_COMMIT);
                }
            }
        }
    }

    /** Whether the objects hold some parts of a sequence and not its others. */
    private static boolean partlySettled(List<ObjectRecord> objects) {
        TreeMap<Long, Integer> held = new TreeMap<>();
        Map<Long, Integer> all = new HashMap<>();
        for (ObjectRecord object : objects) {
            SequenceList.Cursor cursor = object.sequences().cursor();
            while (cursor.advance()) {
                held.merge(cursor.sequence(), 1, Integer::sum);
                if (cursor.lastPart()) {
                    all.put(cursor.sequence(), cursor.part() + 1);
                }
            }
        }
        return held.entrySet().stream()
                .anyMatch(sequence -> !sequence.getValue().equals(all.get(sequence.getKey())));
    }

    private void rowsOfAftermath(Set<CrashRow> rows, Aftermath aftermath, boolean dead)
            throws IOException {
        switch (aftermath) {
            case ANOTHER_PROCESS -> {}
            case POWER_CUT -> {
                if (dead
                        && lastCall.kind() == DiskCall.Kind.SYNC_DIRECTORY
                        && callBefore.kind() == DiskCall.Kind.LINK) {
                    rows.add(CrashRow.BETWEEN_LINK_AND_FSYNC_OF_THE_DIRECTORY_THEN_A_POWER_CUT);
                }
            }
            case POWER_CUT_AFTER_THE_RESTART ->
                    rows.add(CrashRow.POWER_CUT_AFTER_A_RESTART_THAT_FOLLOWED_A_KILL);
            case ANOTHER_DEFINITION -> {
                if (!durable.recorded().isEmpty()) {
                    rows.add(CrashRow.DEFINITION_CHANGED_BETWEEN_THE_RUNS);
                }
                if (rows.contains(CrashRow.WITH_SOME_PARTS_OF_A_RECORD_SETTLED)) {
                    rows.add(CrashRow.SPLIT_CHANGED_WITH_PART_OF_A_SEQUENCE_SETTLED);
                }
            }
        }
    }
}
