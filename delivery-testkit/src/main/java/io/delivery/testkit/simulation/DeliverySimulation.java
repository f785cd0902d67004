package io.delivery.testkit.simulation;

import io.delivery.config.Limits;
import io.delivery.engine.LaneLimits;
import io.delivery.landing.ObjectStore;
import io.delivery.stream.Stopping;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One stream, one seed: the same seed takes the same steps. Asserted after every step: the books
 * balance, the invariants of {@link DurableState} hold, and so does what {@link StoreWatch} says of
 * every request. After many steps: no visible object has changed. At the end, when the stream has
 * drained: every part of every accepted record is in exactly one object or counted as dropped,
 * every accepted record is in exactly one backup object, and no object holds anything else.
 */
public final class DeliverySimulation {
    private static final String NAME = "clicks";
    private static final Path DATA = Path.of("/data");

    private final SimWorld sim;
    private final SimEntropy chance;
    private final SimulatedLake lake;
    private final Counts counts = new Counts();
    private final DurableState durable;
    private final StoreWatch watch;
    private final Diversions diversions;
    private final Medium medium;
    private final LaneLimits limits;
    private final SmallRoom room;
    private final Sources sources;
    private final SimulatedStream stream;
    private final Audit audit;
    private final ShortVolume volume;
    private final List<String> story = new ArrayList<>();
    private final List<CompletionStage<?>> promised = new ArrayList<>();

    private SimulatedProcess process;
    private DiskCall lastCall;
    private int processes;
    private int faultAhead = -1;

    private DeliverySimulation(
            long seed,
            Function<SimWorld, SimulatedLake> lake,
            Sources sources,
            Optional<GivenProcessor> given) {
        this.sources = sources;
        this.sim = SimWorld.seeded(seed);
        this.chance = sim.chance();
        Shape shape =
                new Shape(
                        NAME,
                        chance.chance(0.5),
                        chance.chance(0.5),
                        given.isPresent() ? Shape.Transform.GIVEN : transform(chance),
                        chance.chance(0.25) ? Shape.Whims.AND_NOTHING_CONVERTS : Shape.Whims.SOME,
                        4,
                        1,
                        60,
                        chance.chance(0.4));
        this.limits = chance.chance(0.5) ? LaneLimits.DEFAULTS : SmallRoom.limits(chance);
        this.room = new SmallRoom(limits);
        this.stream = new SimulatedStream(shape, chance.fork(), sources, given);
        this.lake = lake.apply(sim);
        this.durable = new DurableState(sim, DATA, stream.otherLog());
        this.watch = new StoreWatch(durable, counts);
        this.diversions = new Diversions(sim, DATA, stream, durable, counts);
        this.medium = new Medium(sim.disk(), chance.fork(), DATA);
        this.audit = new Audit(sim.world(), DATA, this.lake, stream, diversions, durable, counts);
        this.volume = new ShortVolume(sim, chance.fork(), DATA, diskBytes(), counts);
        sim.disk().onCall(call -> lastCall = call);
        sim.disk().onFault(fault -> counts.add("fault: " + fault));
        sim.store().onFate(fate -> counts.add("put: " + fate.name().toLowerCase(Locale.ROOT)));
    }

    private static Shape.Transform transform(SimEntropy chance) {
        return switch (chance.below(4)) {
            case 0 -> Shape.Transform.WHIMSICAL;
            case 1 -> Shape.Transform.SLOW;
            default -> Shape.Transform.NONE;
        };
    }

    /**
     * Runs one seed.
     *
     * @param given the stream's processor; empty: one of the simulated world, or none
     * @return what happened: {@code records accepted}, {@code objects}, {@code kills}, {@code power
     *     cuts}, {@code crash in …}, {@code fault: …} and more
     * @throws AssertionError that names the seed and the last steps
     */
    public static Counts run(
            long seed,
            int steps,
            Function<SimWorld, SimulatedLake> lake,
            Sources sources,
            Optional<GivenProcessor> given) {
        DeliverySimulation simulation = new DeliverySimulation(seed, lake, sources, given);
        try {
            simulation.sim.disk().createDirectories(DATA);
            simulation.sim.disk().syncDirectory(DATA.getParent());
            simulation.start();
            for (int i = 0; i < steps; i++) {
                simulation.step();
            }
            simulation.healAndDrain();
            simulation.audit.everythingLanded();
            simulation.stopAndLookBehind();
            simulation.counts.add("seeds");
            simulation.counts.add(
                    "records accepted encrypted", simulation.stream.acceptedEncrypted());
            simulation.stream.otherLog().ifPresent(log -> log.count(simulation.counts));
            simulation.counts.add("steps", simulation.sim.scheduler().steps());
            return simulation.counts;
        } catch (AssertionError | RuntimeException | IOException failed) {
            int from = Math.max(0, simulation.story.size() - 40);
            throw new AssertionError(
                    "seed %d: %s%nlast steps: %s"
                            .formatted(
                                    seed,
                                    failed.getMessage(),
                                    simulation.story.subList(from, simulation.story.size())),
                    failed);
        }
    }

    // --- the process ---

    private void start() throws IOException {
        for (int attempt = 0; !stream.running(); attempt++) {
            if (attempt == 100) {
                throw new AssertionError("the stream does not start");
            }
            try {
                open();
                story.add("started");
            } catch (IOException failed) {
                // The operator makes room and starts it again.
                volume.hasRoomAgain();
                story.add("start failed: " + failed.getMessage());
                counts.add("starts that failed");
                sim.kill();
            } catch (SimulatedCrash crashed) {
                story.add("crashed while starting");
            }
            if (sim.disk().crashed()) {
                stream.gone();
                countCrash();
                sim.restart();
            }
        }
    }

    private void open() throws IOException {
        ObjectStore store = watch.open(lake.open(sim.world()));
        ObjectStore changing = new ChangingStore(store, 31 * sim.seed() + processes);
        process =
                SimulatedProcess.begin(
                        sim,
                        ++processes,
                        DATA,
                        name -> changing,
                        limits,
                        20_000,
                        diskBytes(),
                        volume.open());
        stream.start(process);
    }

    /** Room for its lanes and for one more of each log. */
    private long diskBytes() {
        int lanes = sources == Sources.JOURNAL ? 3 : 6;
        return Limits.JOURNAL_FLOOR_BYTES + lanes * Limits.LANE_FLOOR_BYTES;
    }

    // --- steps ---

    private void step() throws IOException {
        stream.otherLog()
                .map(SimulatedLog::happens)
                .filter(what -> !what.isEmpty())
                .ifPresent(story::add);
        volume.maybeChanges().ifPresent(story::add);
        int dice = chance.below(100);
        if (dice < 28) {
            act("put", this::put);
        } else if (dice < 68) {
            act("run", () -> runTasks(1 + chance.below(40)));
        } else if (dice < 78) {
            act("time", () -> sim.scheduler().advance(Duration.ofMillis(chance.below(40_000))));
        } else if (dice < 82) {
            act("divert", () -> diversions.some().ifPresent(promised::add));
        } else if (dice < 84) {
            act("flush", () -> promised.add(stream.flush()));
        } else if (dice < 87) {
            act("weather", () -> lake.badWeather(chance));
        } else if (dice < 89) {
            if (chance.chance(0.4) && stream.maySwitchBackup()) {
                act("switch backup", () -> promised.add(stream.switchBackup()));
            } else if (chance.chance(0.5)) {
                stream.toggleEncryption();
                act("switch encryption", () -> promised.add(stream.redefine()));
            } else {
                act("redefine", () -> promised.add(stream.redefine()));
            }
        } else if (dice < 91) {
            // Something will go wrong on the disk, some tasks from now.
            act("disk fault", () -> faultAhead = chance.below(15));
        } else if (dice < 92) {
            damageStagedBytes();
            volume.hasRoomAgain();
            act(
                    "wall clock",
                    () -> sim.clock().jumpWall(Duration.ofMinutes(chance.below(120) - 60)));
        } else if (dice < 94) {
            act("stop", this::stopGracefully);
        } else if (dice < 96) {
            sim.disk().crashAfter(1 + chance.below(30));
            story.add("crash ahead");
        } else {
            crash();
        }
        check();
        if (stream.running() && stream.brokenDown()) {
            story.add("broken down");
            counts.add("stops by a defect");
            sim.kill();
        }
        if (sim.disk().crashed()) {
            died();
        }
        if (chance.chance(0.1)) {
            audit.unchanged();
        }
    }

    /** Runs a step of the living process, which may die in it. */
    private void act(String what, Runnable action) {
        story.add(what);
        try {
            action.run();
        } catch (SimulatedCrash crashed) {
            story.add("crashed in " + what);
        }
    }

    private void put() {
        List<List<String>> records = new ArrayList<>();
        for (int count = 1 + chance.below(5); count > 0; count--) {
            List<String> keys = new ArrayList<>();
            int parts = 1 + (chance.chance(0.4) ? chance.below(4) : 0);
            for (int part = 0; part < parts; part++) {
                keys.add(key());
            }
            records.add(keys);
        }
        counts.add("records sent", records.size());
        if (sources == Sources.JOURNAL
                || sources == Sources.JOURNAL_AND_ANOTHER_LOG && chance.chance(0.4)) {
            stream.put(records);
        } else {
            stream.append(records);
        }
    }

    private String key() {
        int dice = chance.below(12);
        String key = dice == 0 ? "" : "abcdefgh".substring(dice % 8, dice % 8 + 1);
        return dice == 1 ? key.repeat(1 + chance.below(3000)) : key;
    }

    private void runTasks(int count) {
        for (int i = 0; i < count && !sim.disk().crashed(); i++) {
            if (faultAhead-- == 0) {
                DiskWhims.arm(sim.disk(), chance);
            }
            if (!sim.scheduler().runOne()) {
                return;
            }
            check();
        }
    }

    private void damageStagedBytes() throws IOException {
        String damaged = medium.damageStagedBytes();
        if (!damaged.isEmpty()) {
            story.add("damaged: " + damaged);
            counts.add("fault: staged bytes damaged");
            durable.bytesMayRot();
        }
    }

    private void stopGracefully() {
        Stopping how = chance.chance(0.5) ? Stopping.LAND_OPEN : Stopping.KEEP_OPEN;
        awaitStop(stream.stop(how, Duration.ofSeconds(chance.below(30))));
        counts.add("stops");
        sim.kill();
    }

    private void awaitStop(CompletionStage<Void> stopped) {
        boolean[] done = {false};
        stopped.whenComplete((end, failure) -> done[0] = true);
        for (int i = 0; i < 10_000 && !done[0] && !sim.disk().crashed(); i++) {
            if (!sim.scheduler().runOne()) {
                sim.scheduler().advanceToNextTimer();
            }
            check();
        }
        if (!done[0] && !sim.disk().crashed()) {
            throw new AssertionError("the stream did not stop");
        }
    }

    private void crash() {
        lastCall = null;
        if (chance.chance(0.5)) {
            story.add("kill");
            counts.add("kills");
            sim.kill();
        } else {
            powerCut();
        }
    }

    private void powerCut() {
        story.add("power cut");
        counts.add("power cuts");
        if (chance.chance(0.2)) {
            sim.disk().powerCutLosingAllUnsynced();
        } else {
            sim.powerCut();
        }
    }

    /** A crash that the disk was told of: in which call it came. */
    private void countCrash() {
        counts.add("crashes");
        if (lastCall != null && sim.disk().crashedInCall()) {
            counts.add("crash in " + lastCall.kind().name().toLowerCase(Locale.ROOT));
        }
    }

    /** The process is dead; sometimes the machine is as well, or soon will be. */
    private void died() throws IOException {
        countCrash();
        if (chance.chance(0.3)) {
            powerCut();
        }
        sim.restart();
        volume.countStart();
        stream.gone();
        faultAhead = -1;
        promised.clear();
        if (chance.chance(0.1) && stream.maySwitchBackup()) {
            story.add("backup switched between two starts");
            stream.switchBackupAtNextStart();
        }
        if (chance.chance(0.1)) {
            story.add("encryption switched between two starts");
            stream.toggleEncryption();
            stream.redefineAtNextStart();
        }
        if (chance.chance(0.1)) {
            missAFile();
        }
        start();
        if (chance.chance(0.2)) {
            act("run after the start", () -> runTasks(chance.below(30)));
            powerCut();
            died();
        }
    }

    /** A file is gone when the process starts: that is refused, and never a new beginning. */
    private void missAFile() throws IOException {
        for (Medium.Lost lost : medium.loseWhatAStartNeeds()) {
            story.add("gone: " + lost.file());
            try {
                open();
                throw new AssertionError("started without " + lost.file());
            } catch (IOException refused) {
                counts.add("starts refused for a missing file");
            }
            sim.kill();
            sim.restart();
            stream.gone();
            lost.putBack(sim.disk());
        }
    }

    // --- what must hold ---

    private void check() {
        watch.check();
        if (!stream.running() || sim.disk().crashed()) {
            return;
        }
        stream.check();
        require(durable.rotten() || room.holds(stream.status()), room::whatIsWrong);
        try {
            durable.check(lake);
        } catch (IOException unreadable) {
            throw new AssertionError("what is durable cannot be read", unreadable);
        }
    }

    private void healAndDrain() throws IOException {
        story.add("heal");
        lake.heal();
        stream.otherLog().ifPresent(SimulatedLog::settle);
        sim.disk().noMoreFaults();
        volume.hasRoomAgain();
        faultAhead = -1;
        if (chance.chance(0.3)) {
            // One last fault, with nothing behind it that would make good by chance.
            sim.disk()
                    .failNext(
                            call -> call.kind() == DiskCall.Kind.SYNC && DiskWhims.inState(call),
                            new IOException("injected: the last sync failed"));
        }
        act("finish", () -> runTasks(Integer.MAX_VALUE));
        CompletionStage<Void> flushed = null;
        for (int i = 0; i < 200_000; i++) {
            if (!sim.disk().crashed() && stream.brokenDown()) {
                counts.add("stops by a defect");
                sim.kill();
            }
            if (sim.disk().crashed()) {
                died();
                flushed = null;
            }
            if (flushed == null) {
                flushed = stream.flush();
            }
            if (flushed.toCompletableFuture().isDone() && stream.settled()) {
                check();
                return;
            }
            if (i >= 20_000 && i % 1_000 == 0) { // it had time to drain by itself
                act("skip", diversions::skipWhatIsInTrouble);
            }
            try {
                if (!sim.scheduler().runOne()) {
                    sim.scheduler().letTimePass();
                }
            } catch (SimulatedCrash crashed) {
                story.add("crashed while draining");
            }
            check();
        }
        throw new AssertionError("the stream does not drain: " + stream.status());
    }

    private void stopAndLookBehind() throws IOException {
        awaitStop(stream.stop(Stopping.KEEP_OPEN, Duration.ZERO));
        // Buffers that were to be encoded again a second later are given back then.
        sim.scheduler().advance(Duration.ofSeconds(2));
        sim.scheduler().runUntilIdle();
        for (CompletionStage<?> promise : promised) {
            require(
                    promise.toCompletableFuture().isDone(),
                    () -> "a flush or a change was never answered");
        }
        // What could not be deleted is found and deleted at the next start.
        SimulatedStream.requireNothingLeftBehind(
                process,
                counts.of("fault: delete failed") == 0 ? List.of("staging", "spool") : List.of());
        audit.verify();
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
