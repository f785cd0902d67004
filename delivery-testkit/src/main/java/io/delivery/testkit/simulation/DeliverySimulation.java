package io.delivery.testkit.simulation;

import io.delivery.buffer.MemoryBudget;
import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.Limits;
import io.delivery.config.StreamDefinition;
import io.delivery.landing.Landings;
import io.delivery.landing.ObjectStore;
import io.delivery.metrics.Metrics;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.ObjectName;
import io.delivery.record.RecordBatch;
import io.delivery.stream.Books;
import io.delivery.stream.DeliveryStream;
import io.delivery.stream.DiskShares;
import io.delivery.stream.EncodingPool;
import io.delivery.stream.Engine;
import io.delivery.stream.LaneLimits;
import io.delivery.stream.StreamStatus;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.SimulatedCrash;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One stream, one seed. What a failure prints is the seed: the same seed takes the same steps.
 *
 * <p>Asserted after every step: the books balance; after many: no visible object has changed (a
 * {@code MemoryStore} asserts that at each request). Asserted at the end, when the world has healed
 * and the stream has drained: every part of every accepted record is in exactly one object or
 * counted as dropped, every accepted record is in exactly one backup object with its own bytes, and
 * no object holds anything else.
 */
public final class DeliverySimulation {
    private static final String NAME = "clicks";
    private static final Path DATA = Path.of("/data");

    private final SimWorld sim;
    private final SimEntropy chance;
    private final Oracle oracle = new Oracle();
    private final SimulatedLake lake;
    private final LaneLimits limits;
    private final Map<ObjectName, byte[]> seen = new HashMap<>();
    private final boolean backup;
    private final boolean partitioned;
    private final boolean processed;
    private final List<String> story = new ArrayList<>();

    private DeliveryStream stream;
    private MemoryBudget memory;
    private int document = 1;
    private int faultAhead = -1;
    private final List<CompletionStage<?>> promised = new ArrayList<>();
    private int nextId;
    private int crashes;

    private DeliverySimulation(long seed, Function<SimWorld, SimulatedLake> lake) {
        this.sim = SimWorld.seeded(seed);
        this.chance = sim.chance();
        this.backup = chance.chance(0.5);
        this.partitioned = chance.chance(0.5);
        this.processed = chance.chance(0.5);
        this.limits = chance.chance(0.5) ? LaneLimits.DEFAULTS : small(chance);
        this.lake = lake.apply(sim);
    }

    /** Limits that a few short records reach. */
    private static LaneLimits small(SimEntropy chance) {
        return new LaneLimits(
                50 + chance.below(500),
                1 + chance.below(500),
                1 + chance.below(10),
                1 + chance.below(4),
                1 + chance.below(4),
                1 + chance.below(400),
                1 + chance.below(4),
                300 + chance.below(3000),
                1000 + chance.below(4000),
                1 + chance.below(1000),
                // Room for a few kilobytes beside it.
                Limits.LANE_FLOOR_BYTES - 2_000 - chance.below(20_000));
    }

    /** What a run did: for counts that show the simulation is not idle. */
    public record Report(int accepted, int objects, int crashes) {}

    /** Runs one seed against a store on the other side of a wire. */
    public static Report run(long seed, int steps) {
        return run(seed, steps, MemoryLake::new);
    }

    /**
     * Runs one seed.
     *
     * @throws AssertionError that names the seed and the last steps
     */
    public static Report run(long seed, int steps, Function<SimWorld, SimulatedLake> lake) {
        DeliverySimulation simulation = new DeliverySimulation(seed, lake);
        try {
            simulation.sim.disk().createDirectories(DATA);
            simulation.sim.disk().syncDirectory(DATA.getParent());
            simulation.start();
            for (int i = 0; i < steps; i++) {
                simulation.step();
            }
            simulation.healAndDrain();
            Report report = simulation.audit();
            simulation.stopAndLookBehind();
            return report;
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
        for (int attempt = 0; stream == null; attempt++) {
            if (attempt == 100) {
                throw new AssertionError("the stream does not start");
            }
            try {
                stream = open();
                story.add("started");
            } catch (IOException failed) {
                // The operator makes room and starts it again.
                sim.disk().roomAgain();
                story.add("start failed: " + failed.getMessage());
                sim.kill();
            } catch (SimulatedCrash crashed) {
                story.add("crashed while starting");
                crashes++;
                sim.restart();
            }
            if (sim.disk().crashed()) {
                stream = null;
                crashes++;
                sim.restart();
            }
        }
    }

    private DeliveryStream open() throws IOException {
        World world = sim.world();
        ObjectStore store = lake.open(world);
        memory = new MemoryBudget(20_000);
        Engine engine =
                new Engine(
                        world,
                        Metrics.NONE,
                        DATA,
                        "simulation",
                        memory,
                        new DiskShares(40L << 20),
                        new EncodingPool(world.scheduler(), 2, 100),
                        new Landings(world, Metrics.NONE, 4),
                        name -> store,
                        limits);
        SimulatedComponents components =
                new SimulatedComponents(
                        chance.fork(),
                        world.scheduler().pool("functions", 2),
                        partitioned,
                        processed);
        return DeliveryStream.start(
                engine, definition(), "document " + document, components::components);
    }

    private StreamDefinition definition() {
        return new StreamDefinition(
                NAME,
                1,
                new BufferingHints(1, 60, BufferingHints.Latency.STANDARD),
                Optional.empty(),
                Optional.empty(),
                new FormatSettings.Raw(FormatSettings.Delimiter.NONE),
                new DestinationSettings(
                        "lake",
                        SimulatedComponents.BUCKET,
                        Optional.empty(),
                        Optional.empty(),
                        Compression.NONE,
                        ZoneOffset.UTC,
                        Optional.empty()),
                backup
                        ? Optional.of(
                                new BackupSettings(
                                        "lake",
                                        SimulatedComponents.BACKUP_BUCKET,
                                        Optional.empty(),
                                        Compression.NONE,
                                        FormatSettings.Delimiter.NONE,
                                        ZoneOffset.UTC,
                                        BufferingHints.DEFAULTS))
                        : Optional.empty());
    }

    // --- steps ---

    private void step() throws IOException {
        int dice = chance.below(100);
        if (dice < 30) {
            act("put", this::put);
        } else if (dice < 70) {
            act("run", () -> runTasks(1 + chance.below(40)));
        } else if (dice < 80) {
            act("time", () -> sim.scheduler().advance(Duration.ofMillis(chance.below(40_000))));
        } else if (dice < 84) {
            act("flush", () -> promised.add(stream.flush()));
        } else if (dice < 87) {
            act("weather", () -> lake.badWeather(chance));
        } else if (dice < 89) {
            act("redefine", this::redefine);
        } else if (dice < 91) {
            act("disk fault", this::diskFault);
        } else if (dice < 92) {
            damageStagedBytes();
            sim.disk().roomAgain();
            act("wall clock", () -> sim.clock().jumpWall(jump()));
        } else if (dice < 94) {
            act("stop", this::stopGracefully);
        } else if (dice < 96) {
            sim.disk().crashAfter(1 + chance.below(30));
            story.add("crash ahead");
        } else {
            crash();
        }
        if (sim.disk().crashed()) {
            died();
        }
        books();
        if (chance.chance(0.1)) {
            unchanged();
        }
    }

    private Duration jump() {
        return Duration.ofMinutes(chance.below(120) - 60);
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
        int count = 1 + chance.below(5);
        byte[][] records = new byte[count][];
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = "r" + nextId++;
            int parts = 1 + (chance.chance(0.4) ? chance.below(4) : 0);
            StringBuilder text = new StringBuilder();
            for (int part = 0; part < parts; part++) {
                text.append(part == 0 ? "" : "|").append(id).append('.').append(part).append(':');
                text.append(key());
            }
            oracle.sent(id, parts, text.toString());
            ids.add(id);
            records[i] = text.toString().getBytes(StandardCharsets.UTF_8);
        }
        CompletionStage<AcceptedBatch> answer =
                stream.accept(RecordBatch.of(sim.clock().millis(), records));
        answer.whenComplete(
                (accepted, failure) -> {
                    if (failure == null) {
                        ids.forEach(oracle::accepted);
                    }
                });
    }

    private String key() {
        int dice = chance.below(12);
        if (dice == 0) {
            return "";
        }
        String key = "abcdefgh".substring(dice % 8, dice % 8 + 1);
        return dice == 1 ? key.repeat(1 + chance.below(3000)) : key;
    }

    private void runTasks(int count) {
        for (int i = 0; i < count && !sim.disk().crashed(); i++) {
            if (faultAhead-- == 0) {
                failDisk();
            }
            if (!sim.scheduler().runOne()) {
                return;
            }
            books();
        }
    }

    private void redefine() {
        document++;
        SimulatedComponents components =
                new SimulatedComponents(
                        chance.fork(),
                        sim.world().scheduler().pool("functions", 2),
                        partitioned,
                        processed);
        promised.add(
                stream.replaceDefinition(
                        definition(), "document " + document, components::components));
    }

    /** Something will go wrong on the disk, some tasks from now. */
    private void diskFault() {
        faultAhead = chance.below(15);
    }

    private void failDisk() {
        switch (chance.below(4)) {
            case 0 -> sim.disk().failNextSync(new IOException("injected: sync failed"));
            case 1 -> sim.disk().failNextWrite(new IOException("injected: write failed"));
            case 2 ->
                    sim.disk()
                            .failNextDirectorySync(
                                    new IOException("injected: directory sync failed"));
            default -> sim.disk().fullAfter(chance.below(3000));
        }
    }

    /** The medium loses or changes bytes that nobody has read yet. */
    private void damageStagedBytes() throws IOException {
        List<Path> staged = new ArrayList<>();
        if (!lake.damageIsSafe() || !sim.disk().exists(DATA.resolve("streams"))) {
            return;
        }
        for (Path home : sim.disk().list(DATA.resolve("streams"))) {
            for (Path lane : listed(home.resolve("lanes"))) {
                staged.addAll(listed(lane.resolve("staging")));
            }
        }
        if (staged.isEmpty()) {
            return;
        }
        Path file = staged.get(chance.below(staged.size()));
        int length = sim.disk().bytes(file).length;
        story.add("damaged: " + file.getFileName());
        if (length == 0 || chance.chance(0.2)) {
            sim.disk().cut(file, 0);
        } else if (chance.chance(0.3)) {
            sim.disk().cut(file, chance.below(length));
        } else {
            sim.disk().flipBit(file, chance.below(length * 8));
        }
    }

    private List<Path> listed(Path directory) throws IOException {
        return sim.disk().exists(directory) ? sim.disk().list(directory) : List.of();
    }

    private void stopGracefully() {
        DeliveryStream.Stopping how =
                chance.chance(0.5)
                        ? DeliveryStream.Stopping.LAND_OPEN
                        : DeliveryStream.Stopping.KEEP_OPEN;
        boolean[] done = {false};
        stream.stop(how, Duration.ofSeconds(chance.below(30)))
                .whenComplete((end, failure) -> done[0] = true);
        for (int i = 0; i < 10_000 && !done[0] && !sim.disk().crashed(); i++) {
            if (!sim.scheduler().runOne()) {
                sim.scheduler().advanceToNextTimer();
            }
        }
        if (!done[0] && !sim.disk().crashed()) {
            throw new AssertionError("the stream did not stop");
        }
        sim.kill();
    }

    private void crash() {
        crashes++;
        if (chance.chance(0.5)) {
            story.add("kill");
            sim.kill();
        } else {
            story.add("power cut");
            sim.powerCut();
        }
    }

    /** The process is dead; sometimes the machine is as well. */
    private void died() throws IOException {
        if (chance.chance(0.3)) {
            story.add("power cut");
            sim.powerCut();
        }
        sim.restart();
        stream = null;
        faultAhead = -1;
        promised.clear();
        start();
    }

    // --- what must hold ---

    private void books() {
        if (stream == null || sim.disk().crashed()) {
            return;
        }
        for (StreamStatus.LaneStatus lane : stream.status().lanes()) {
            if (!lane.books().balanced()) {
                throw new AssertionError("the books do not balance: " + lane);
            }
        }
        for (String trouble : stream.status().troubles()) {
            if (trouble.contains("defect")
                    || trouble.contains("landing protocol")
                    || trouble.contains("books")
                    || trouble.contains("stranger")
                    || trouble.contains("not ours")) {
                throw new AssertionError(trouble);
            }
        }
    }

    private void healAndDrain() throws IOException {
        story.add("heal");
        lake.heal();
        sim.disk().noMoreFaults();
        faultAhead = -1;
        act("finish", () -> sim.scheduler().runUntilIdle());
        CompletionStage<Void> flushed = null;
        for (int i = 0; i < 200_000; i++) {
            if (sim.disk().crashed()) {
                died();
                flushed = null;
            }
            if (flushed == null) {
                flushed = stream.flush();
            }
            if (flushed.toCompletableFuture().isDone() && settled()) {
                return;
            }
            try {
                if (!sim.scheduler().runOne()) {
                    sim.scheduler().advanceToNextTimer();
                }
            } catch (SimulatedCrash crashed) {
                story.add("crashed while draining");
            }
        }
        throw new AssertionError("the stream does not drain: " + stream.status());
    }

    private boolean settled() {
        for (StreamStatus.LaneStatus lane : stream.status().lanes()) {
            if (!lane.books().settled()
                    || lane.waitingObjects() > 0
                    || lane.books().accepted() < oracle.accepted().size()) {
                return false;
            }
        }
        return stream.status().healthy();
    }

    /** What was visible once and is visible now is the same. */
    private void unchanged() throws IOException {
        lake.visible()
                .forEach(
                        (name, bytes) -> {
                            byte[] before = seen.putIfAbsent(name, bytes);
                            require(
                                    before == null || Arrays.equals(before, bytes),
                                    name + " was visible with other bytes");
                        });
    }

    private Report audit() throws IOException {
        unchanged();
        Map<String, ObjectName> parts = new HashMap<>();
        Map<String, Integer> sources = new HashMap<>();
        int landed = 0;
        int errors = 0;
        Map<ObjectName, byte[]> visible = lake.visible();
        for (Map.Entry<ObjectName, byte[]> entry : visible.entrySet()) {
            byte[] bytes = entry.getValue();
            ObjectName name = entry.getKey();
            List<String> found;
            if (name.bucket().equals(SimulatedComponents.BACKUP_BUCKET)) {
                found = oracle.recordsInBackup(bytes);
                found.forEach(id -> sources.merge(id, 1, Integer::sum));
            } else {
                boolean error = name.key().startsWith("err/");
                found = error ? Oracle.partsInErrors(bytes) : Oracle.partsInMain(bytes);
                for (String part : found) {
                    ObjectName before = parts.putIfAbsent(part, name);
                    require(before == null, part + " is in " + before + " and in " + name);
                }
                landed += error ? 0 : Oracle.lines(bytes).length;
                errors += error ? Oracle.lines(bytes).length : 0;
            }
        }
        sources.forEach((id, times) -> require(times == 1, id + " is backed up twice"));
        Books books = stream.status().lanes().get(0).books();
        require(books.landed() == landed, landed + " records landed, the books say " + books);
        require(
                books.errorOutput() == errors,
                errors + " error records landed, the books say " + books);
        long missing = 0;
        for (String id : oracle.accepted()) {
            for (int part = 0; part < oracle.piecesOf(id); part++) {
                missing += parts.containsKey(id + "." + part) ? 0 : 1;
            }
            require(
                    !backup || sources.containsKey(id),
                    "%s was accepted and not backed up: %s".formatted(id, stream.status().lanes()));
        }
        require(
                missing <= 2 * books.dropped() && (processed || missing == 0),
                "%d accepted pieces are nowhere, %d were dropped, of %d accepted records: %s"
                        .formatted(
                                missing,
                                books.dropped(),
                                oracle.accepted().size(),
                                stream.status()));
        require(
                books.accepted() >= oracle.accepted().size(),
                "fewer records in the books than were accepted: " + books);
        return new Report(oracle.accepted().size(), visible.size(), crashes);
    }

    /** A stream that was drained and stopped leaves nothing behind but its journal and state. */
    private void stopAndLookBehind() throws IOException {
        boolean[] done = {false};
        stream.stop(DeliveryStream.Stopping.KEEP_OPEN, Duration.ZERO)
                .whenComplete((end, failure) -> done[0] = true);
        for (int i = 0; i < 10_000 && !done[0]; i++) {
            if (!sim.scheduler().runOne()) {
                sim.scheduler().advanceToNextTimer();
            }
        }
        require(done[0], "the drained stream did not stop");
        // Buffers that were to be encoded again a second later are given back then.
        sim.scheduler().advance(Duration.ofSeconds(2));
        sim.scheduler().runUntilIdle();
        require(
                memory.usedBytes() == 0,
                memory.usedBytes() + " bytes of buffers were not given back");
        for (CompletionStage<?> promise : promised) {
            require(
                    promise.toCompletableFuture().isDone(),
                    "a flush or a change was never answered");
        }
        for (Path home : sim.disk().list(DATA.resolve("streams"))) {
            for (Path lane : sim.disk().list(home.resolve("lanes"))) {
                require(
                        sim.disk().list(lane.resolve("staging")).isEmpty(),
                        "staged bytes were left in "
                                + lane
                                + ": "
                                + sim.disk().list(lane.resolve("staging")));
                require(
                        sim.disk().list(lane.resolve("spool")).isEmpty(),
                        "spilled bytes were left in " + lane);
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
