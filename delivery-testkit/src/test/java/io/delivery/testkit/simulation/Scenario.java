package io.delivery.testkit.simulation;

import io.delivery.engine.LaneLimits;
import io.delivery.landing.ObjectStore;
import io.delivery.lane.LaneStatus;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.ObjectName;
import io.delivery.stream.Stopping;
import io.delivery.testkit.MemoryStore;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimWorld;
import io.delivery.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A process with a few streams before one store, told step by step what happens to it. Time passes
 * when a test says so; whenever it does, the invariants of the landing protocol are asserted.
 */
final class Scenario {
    private static final Path DATA = Path.of("/data");

    private final SimWorld sim;
    private final Path data;
    private final Lake lake;
    private final DurableState durable;
    private final StoreWatch watch;
    private final Map<String, SimulatedStream> streams = new LinkedHashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private LaneLimits limits = LaneLimits.DEFAULTS;
    private long memoryBytes = 16 << 20;
    private long diskBytes = 1L << 30;
    private int processes;

    /** A request to the store, and when it was made. */
    record Request(MemoryStore.Request.Kind kind, ObjectName name, Duration at) {}

    private Scenario(SimWorld sim, Path data, Shape... shapes) {
        this.sim = sim;
        this.data = data;
        this.lake = new Lake(sim.store());
        this.durable = new DurableState(sim, data);
        this.watch = new StoreWatch(durable, new Counts());
        sim.scheduler().afterEach(this::look);
        for (Shape shape : shapes) {
            streams.put(shape.name(), new SimulatedStream(shape, sim.chance().fork()));
        }
        sim.store()
                .onRequest(
                        request ->
                                requests.add(
                                        new Request(
                                                request.kind(),
                                                request.name(),
                                                Duration.ofNanos(sim.clock().nanoTime()))));
    }

    /** These streams, running, on an empty disk. */
    static Scenario of(Shape... shapes) throws IOException {
        return new Scenario(SimWorld.seeded(11), DATA, shapes).started();
    }

    /** The same with limits of its own. */
    static Scenario of(LaneLimits limits, long memoryBytes, Shape... shapes) throws IOException {
        Scenario scenario = new Scenario(SimWorld.seeded(11), DATA, shapes);
        scenario.limits = limits;
        scenario.memoryBytes = memoryBytes;
        return scenario.started();
    }

    /** The same with this disk limit, which the next start may raise. */
    static Scenario onDisk(long diskBytes, Shape... shapes) throws IOException {
        Scenario scenario = new Scenario(SimWorld.seeded(11), DATA, shapes);
        scenario.diskBytes = diskBytes;
        return scenario.started();
    }

    void diskBytes(long newDiskBytes) {
        diskBytes = newDiskBytes;
    }

    /** Another process in the same world, on a copy of the data directory as it is now. */
    Scenario onACopy(Shape... shapes) throws IOException {
        Path copy = Path.of("/copy");
        sim.disk().copy(data, copy);
        return new Scenario(sim, copy, shapes);
    }

    /** A range may be recorded anew and committed within one stretch of time. */
    private void look() {
        try {
            durable.check(lake);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Scenario started() throws IOException {
        sim.disk().createDirectories(data);
        sim.disk().syncDirectory(data.getParent());
        start();
        return this;
    }

    SimulatedStream stream(String name) {
        return streams.get(name);
    }

    MemoryStore store() {
        return sim.store();
    }

    SimDisk disk() {
        return sim.disk();
    }

    SimWorld sim() {
        return sim;
    }

    // --- the process ---

    void start() throws IOException {
        ObjectStore store = watch.open(sim.store());
        SimulatedProcess process =
                SimulatedProcess.begin(
                        sim, ++processes, data, name -> store, limits, memoryBytes, diskBytes);
        for (SimulatedStream stream : streams.values()) {
            stream.start(process);
        }
    }

    void kill() {
        sim.kill();
        gone();
    }

    void powerCut() {
        sim.disk().powerCutLosingAllUnsynced();
        gone();
    }

    private void gone() {
        sim.restart();
        streams.values().forEach(SimulatedStream::gone);
    }

    void killAndStart() throws IOException {
        kill();
        start();
    }

    /** Stops all streams; returns how long that took. */
    Duration stop(Stopping how, Duration grace) throws IOException {
        long begun = sim.clock().nanoTime();
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (SimulatedStream stream : streams.values()) {
            all = all.thenCombine(stream.stop(how, grace), (a, b) -> null);
        }
        for (int i = 0; !all.toCompletableFuture().isDone(); i++) {
            if (i == 100_000) {
                throw new AssertionError("the process does not stop");
            }
            if (!sim.scheduler().runOne()) {
                sim.scheduler().advanceToNextTimer();
            }
        }
        Duration took = Duration.ofNanos(sim.clock().nanoTime() - begun);
        kill();
        return took;
    }

    // --- what happens ---

    /** Puts so many records of one part each, one by one; answers whether all were accepted. */
    boolean put(String stream, int records) throws IOException {
        boolean all = true;
        for (int i = 0; i < records; i++) {
            all &= put(stream, List.of("a"));
        }
        return all;
    }

    /** Puts one record with a part for each of these keys. */
    boolean put(String stream, List<String> keys) throws IOException {
        CompletionStage<AcceptedBatch> answer = streams.get(stream).put(List.of(keys));
        work();
        CompletableFuture<AcceptedBatch> done = answer.toCompletableFuture();
        return done.isDone() && !done.isCompletedExceptionally();
    }

    /** Flushes and runs what needs no time; nothing may have landed. */
    void flush(String stream) throws IOException {
        streams.get(stream).flush();
        work();
    }

    /** Runs what needs no time. */
    void work() throws IOException {
        sim.scheduler().runUntilIdle();
        check();
    }

    void pass(Duration time) throws IOException {
        sim.scheduler().runFor(time);
        check();
    }

    private void check() throws IOException {
        watch.check();
        durable.check(lake);
        for (SimulatedStream stream : streams.values()) {
            if (stream.running() && !stream.books().balanced()) {
                throw new AssertionError("the books do not balance: " + stream.status());
            }
        }
    }

    // --- what is seen ---

    /** Requests so far to the bucket of this stream. */
    List<Request> requests(String stream) {
        return requests.stream().filter(r -> r.name().bucket().equals(stream)).toList();
    }

    /** Visible objects in the bucket of this stream, by key. */
    Map<String, String> objects(String stream) {
        Map<String, String> objects = new LinkedHashMap<>();
        lake.visible()
                .forEach(
                        (name, bytes) -> {
                            if (name.bucket().equals(stream)) {
                                objects.put(name.key(), new String(bytes, StandardCharsets.UTF_8));
                            }
                        });
        return objects;
    }

    String troubles(String stream) {
        return String.join("\n", streams.get(stream).status().troubles());
    }

    LaneStatus lane(String stream) {
        return streams.get(stream).status().lanes().get(0);
    }

    /** Nobody touches anything, and in the end everything accepted has landed once. */
    void drainsByItself() throws IOException {
        drainsByItself(Duration.ofMinutes(10));
    }

    void drainsByItself(Duration within) throws IOException {
        for (long minutes = within.toMinutes(); minutes > 0 && !settled(); minutes--) {
            pass(Duration.ofMinutes(1));
        }
        if (!settled()) {
            throw new AssertionError(
                    "not drained: "
                            + streams.values().stream().map(SimulatedStream::status).toList());
        }
        for (SimulatedStream stream : streams.values()) {
            stream.check();
            stream.audit(lake.visible());
        }
    }

    boolean settled() {
        return streams.values().stream().allMatch(SimulatedStream::settled);
    }

    /** One bit of every file of staged objects turns over. */
    void stagedBytesRot() throws IOException {
        damageStaged((scenario, file) -> disk().flipBit(file, 15));
    }

    /** What is done to a file of staged objects. */
    interface OfStagedFile {
        void damage(Scenario scenario, Path file) throws IOException;
    }

    /** The medium does this to every file of staged objects. */
    void damageStaged(OfStagedFile damage) throws IOException {
        durable.bytesMayRot();
        for (Path file : stagedFiles()) {
            damage.damage(this, file);
            if (!disk().exists(file)) {
                durable.bytesMayBeGone();
            }
        }
    }

    /** The directory of the only stream. */
    Path home() throws IOException {
        return sim.disk().list(data.resolve("streams")).get(0);
    }

    private List<Path> stagedFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path home : sim.disk().list(data.resolve("streams"))) {
            for (Path lane : sim.disk().list(home.resolve("lanes"))) {
                files.addAll(sim.disk().list(lane.resolve("staging")));
            }
        }
        return files;
    }

    /** The store as the invariants see it. */
    private record Lake(MemoryStore store) implements SimulatedLake {
        @Override
        public ObjectStore open(World world) {
            return store;
        }

        @Override
        public Map<ObjectName, byte[]> visible() {
            Map<ObjectName, byte[]> visible = new LinkedHashMap<>();
            store.visible().forEach((name, object) -> visible.put(name, object.bytes()));
            return visible;
        }

        @Override
        public void badWeather(SimEntropy chance) {
            throw new UnsupportedOperationException("a scenario says itself what goes wrong");
        }

        @Override
        public void heal() {
            store.heal();
        }
    }
}
