package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import io.delivery.journal.Journal;
import io.delivery.journal.JournalFullException;
import io.delivery.journal.JournalSettings;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneState;
import io.delivery.ledger.Ledger;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import io.delivery.world.DiskFullException;
import io.delivery.world.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One delivery stream: the corridor that all rooms of the core open on.
 *
 * <p><b>accept</b> answers the producer (200) once its records are durable in the journal; it says
 * nothing about delivery. When the journal is full, its disk has failed or the stream is stopping,
 * the whole batch is <i>throttled</i>: {@link ThrottledException} (503), nothing of it has a
 * sequence, and the producer must come again.
 *
 * <p>Each lane then reads what is durable, in log order, range by range. The main lane splits a
 * record into its parts; every part meets exactly one fate:
 *
 * <ul>
 *   <li><i>converted</i> (or kept raw): processed, partitioned, buffered, encoded into an object of
 *       the main output;
 *   <li><i>failed</i>, in splitting, processing, partitioning or conversion: a line in an error
 *       object of the same range, with the bytes of the part as it was before the step that failed;
 *   <li><i>dropped</i> by a processor: counted, in no object of this lane.
 * </ul>
 *
 * The backup lane buffers records as they were accepted, whatever became of them in the main lane.
 *
 * <p>A buffer that is closed is encoded and <i>staged</i>: durable on the local disk. What is
 * staged is <i>recorded</i> in the lane's state: its key and bytes are final. Only then does it
 * <i>land</i> in the store. A range is <i>sealed</i> when all its parts are in recorded objects,
 * error objects included, or dropped; it is <i>committed</i> when all its objects, which may be
 * none, have been seen in the store. The journal may forget what every lane has committed.
 */
public final class DeliveryStream {
    /** How often the journal's limit follows the free space and the time to full is estimated. */
    private static final Duration TICK = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(DeliveryStream.class);

    private final Engine engine;
    private final StreamHome home;
    private volatile Journal journal;

    /**
     * The main one first; replaced as a whole when lanes come and go. Empty until all are there:
     * other streams ask for the bytes of these from the start.
     */
    private volatile List<Lane> lanes = List.of();

    private final DiskShares.Share share;
    private final Executor ticks;
    private volatile StreamDefinition definition;
    private volatile boolean stopping;
    private final JournalFill fill;

    /** One change at a time: no two get one version, and every lane takes them in one order. */
    private final Object changing = new Object();

    /** Not forgotten while a lane is about to come. */
    private volatile long pinned = Long.MAX_VALUE;

    private Scheduler.Cancellable tick = () -> {};

    /**
     * Opens a stream: finishes what an earlier process began, and reads on.
     *
     * @param settings the version in it is ignored: the stream's history assigns one
     * @param document the definition as it was written, {@code ${…}} unresolved
     * @param components makes the components of a version
     * @throws IllegalArgumentException when what was begun needs a store or a schema that the
     *     configuration lacks, or the disk limit is too small for one more lane
     */
    public static DeliveryStream start(
            Engine engine, StreamDefinition settings, String document, ComponentFactory components)
            throws IOException {
        StreamHome home = StreamHome.find(engine.dataDirectory(), settings.name(), engine.world());
        int before = home.version();
        StreamDefinition definition = settings.withVersion(home.define(document));
        return new DeliveryStream(engine, home, definition, before, components);
    }

    /** The streams that have a directory, whether or not anybody still configures them. */
    public static List<KeptStream> kept(Engine engine) throws IOException {
        return StreamHome.all(engine.dataDirectory(), engine.world());
    }

    /** Makes the components that a version of a definition names. */
    @FunctionalInterface
    public interface ComponentFactory {
        StreamComponents components(StreamDefinition definition);

        /**
         * Those of an earlier version, for a lane that is drained under it.
         *
         * @param old with that version's document
         * @throws IllegalArgumentException when the document cannot be used any more
         */
        default StreamComponents componentsOf(KeptStream old, int version) throws IOException {
            throw new IllegalArgumentException(
                    "stream %s: version %d is not known any more".formatted(old.name(), version));
        }
    }

    private DeliveryStream(
            Engine engine,
            StreamHome home,
            StreamDefinition definition,
            int versionBefore,
            ComponentFactory factory)
            throws IOException {
        this.engine = engine;
        this.home = home;
        this.definition = definition;
        this.fill = new JournalFill(definition.name());
        this.ticks = engine.world().scheduler().serial(definition.name() + "/ticks");
        StreamComponents components = factory.components(definition);
        Map<String, LaneState> states = new HashMap<>();
        long next = 0;
        for (LaneEntry entry : home.lanes()) {
            LaneState state = recover(entry);
            requireStores(entry, state);
            states.put(entry.name(), state);
            next = Math.max(next, state.plan().knownEnd());
        }
        this.share = engine.disk().open(this::diskBytes, 1);
        List<Lane> opened = new ArrayList<>();
        try {
            this.journal = openJournal(next);
            List<LaneEntry> entries = changed(home.lanes(), definition, versionBefore, factory);
            share.lanes(entries.size());
            home.lanes(entries);
            home.clearEnded();
            for (LaneEntry entry : entries) {
                LaneState state = states.get(entry.name());
                opened.add(
                        open(
                                entry,
                                entry.isOn() ? of(entry, components) : kept(entry, factory),
                                state == null ? recover(entry) : state));
            }
            this.lanes = List.copyOf(opened);
        } catch (IOException | RuntimeException failed) {
            opened.forEach(Lane::stop);
            if (journal != null) {
                journal.close();
            }
            share.close();
            throw failed;
        }
        registerGauges();
        home.lanes().stream().filter(entry -> !entry.isOn()).forEach(this::drain);
        lanes.forEach(Lane::start);
        onTick();
    }

    // --- lanes come and go ---

    /**
     * The lanes under a definition: a backup that it asks for begins at the journal's end, one that
     * it does not ask for ends there.
     *
     * @param versionBefore the last one before this definition
     */
    private List<LaneEntry> changed(
            List<LaneEntry> present,
            StreamDefinition next,
            int versionBefore,
            ComponentFactory factory)
            throws IOException {
        long now = journal.nextSequence();
        List<LaneEntry> changed = new ArrayList<>();
        if (present.isEmpty()) {
            changed.add(LaneEntry.opened(Kind.MAIN, next.version(), now));
        }
        boolean wanted = next.backup().isPresent();
        for (LaneEntry entry : present) {
            boolean backup = entry.isOn() && entry.is(Kind.BACKUP);
            changed.add(
                    backup && !wanted
                            ? entry.switchedOff(now, lastVersionWithBackup(versionBefore, factory))
                            : entry);
            wanted &= !backup;
        }
        if (wanted) {
            changed.add(LaneEntry.opened(Kind.BACKUP, next.version(), now));
        }
        return changed;
    }

    /** A version may have been written whose lanes never were: the newest that has a backup. */
    private int lastVersionWithBackup(int from, ComponentFactory factory) throws IOException {
        for (int version = from; version > 0; version--) {
            if (componentsOf(version, factory).backup().isPresent()) {
                return version;
            }
        }
        throw new IOException("stream %s has a backup that no version names".formatted(name()));
    }

    private StreamComponents componentsOf(int version, ComponentFactory factory)
            throws IOException {
        KeptStream old = new KeptStream(name(), home.document(version), home.directory());
        return factory.componentsOf(old, version);
    }

    private static LaneComponents of(LaneEntry entry, StreamComponents components) {
        return entry.is(Kind.BACKUP) ? components.backup().orElseThrow() : components.main();
    }

    /** Under the version that was in force when it was switched off. */
    private LaneComponents kept(LaneEntry entry, ComponentFactory factory) throws IOException {
        LaneComponents own = of(entry, componentsOf(entry.lastVersion(), factory));
        requireStore(entry, own.store());
        return own;
    }

    private void requireStores(LaneEntry entry, LaneState state) {
        for (LanePlan.RangePlan range : state.plan().ranges()) {
            range.live().forEach(object -> requireStore(entry, object.store()));
        }
    }

    private void requireStore(LaneEntry entry, String store) {
        if (engine.stores().store(store) == null) {
            throw new IllegalArgumentException(
                    "stream %s: lane %s still has objects to land in store %s, which is not configured any more: configure it until they have landed"
                            .formatted(name(), entry.name(), store));
        }
    }

    private Lane open(LaneEntry entry, LaneComponents components, LaneState state)
            throws IOException {
        return Lane.recover(
                engine,
                name(),
                entry.name(),
                home.lane(entry.name()),
                home.incarnation(),
                components,
                share,
                journal,
                state,
                this::committed);
    }

    private LaneState recover(LaneEntry entry) throws IOException {
        Path directory = home.lane(entry.name());
        return LaneState.recover(
                directory,
                home.incarnation(),
                engine.programVersion(),
                entry.begin(),
                engine.limits().stateTailBytes(),
                Ledger.open(directory, engine.ledger(), engine.world()),
                engine.world());
    }

    private Lane lane(String laneName) {
        return lanes.stream().filter(lane -> lane.name().equals(laneName)).findAny().orElseThrow();
    }

    /**
     * Lets the lanes of a definition come and go; durable at return.
     *
     * @throws IllegalArgumentException when the disk limit is too small for one more lane
     */
    private void comeAndGo(
            StreamDefinition next,
            StreamComponents made,
            int versionBefore,
            ComponentFactory factory)
            throws IOException {
        List<LaneEntry> before = home.lanes();
        // Nothing that a lane will read from here on may be forgotten before it is one of the
        // lanes.
        pinned = journal.nextSequence();
        try {
            List<LaneEntry> after = changed(before, next, versionBefore, factory);
            share.lanes(after.size());
            List<Lane> present = new ArrayList<>(lanes);
            List<Lane> coming = new ArrayList<>();
            for (LaneEntry entry : after) {
                if (present.stream().noneMatch(lane -> lane.name().equals(entry.name()))) {
                    coming.add(open(entry, of(entry, made), recover(entry)));
                }
            }
            home.lanes(after);
            present.addAll(coming);
            lanes = List.copyOf(present);
            coming.forEach(Lane::start);
            after.stream()
                    .filter(entry -> !entry.isOn() && !before.contains(entry))
                    .forEach(this::drain);
        } finally {
            pinned = Long.MAX_VALUE;
        }
    }

    private void drain(LaneEntry entry) {
        Lane lane = lane(entry.name());
        lane.endAt(entry.until(), () -> ticks.execute(() -> ended(lane)));
    }

    /** A lane that was switched off has committed everything; its directory stays. */
    private void ended(Lane lane) {
        synchronized (changing) {
            try {
                home.lanes(
                        home.lanes().stream()
                                .filter(entry -> !entry.name().equals(lane.name()))
                                .toList());
            } catch (IOException failed) {
                log.warn("end of a lane not noted yet: stream={} lane={}", name(), lane.name());
                engine.world().scheduler().after(TICK, ticks, () -> ended(lane));
                return;
            }
            lanes = lanes.stream().filter(other -> other != lane).toList();
            share.lanes(lanes.size());
        }
        lane.stop();
        committed();
    }

    private Journal openJournal(long firstSequence) throws IOException {
        return Journal.open(
                new JournalSettings(
                        home.journal(),
                        name(),
                        home.incarnation(),
                        firstSequence,
                        share.journalBytes(),
                        home::create),
                engine.world(),
                engine.metrics());
    }

    public String name() {
        return definition.name();
    }

    public StreamDefinition definition() {
        return definition;
    }

    // --- accept ---

    /**
     * Accepts the records of one request. Completes when they survive a crash.
     *
     * @param batch unchanged until the answer
     * @return fails with a {@link CompletionException} of {@link ThrottledException} when nothing
     *     was accepted. After a failed disk a crash may still bring the records back: then a retry
     *     makes them twice, as any retry of an unanswered request may
     */
    public CompletionStage<AcceptedBatch> accept(RecordBatch batch) {
        if (stopping) {
            return throttled(batch, ThrottledException.Cause.STOPPING);
        }
        long begun = engine.world().clock().nanoTime();
        return journal.append(batch)
                .handle((accepted, failure) -> answer(batch, begun, accepted, failure));
    }

    private AcceptedBatch answer(
            RecordBatch batch, long begun, AcceptedBatch accepted, Throwable failure) {
        Metrics metrics = engine.metrics();
        if (failure == null) {
            metrics.observe(
                    Metric.ACCEPT_SECONDS, name(), engine.world().clock().nanoTime() - begun);
            metrics.add(Metric.ACCEPTED_RECORDS, name(), batch.count());
            metrics.add(Metric.ACCEPTED_BYTES, name(), batch.recordBytes());
            return accepted;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        ThrottledException refused = new ThrottledException(why(cause));
        if (refused.why() == ThrottledException.Cause.JOURNAL_FULL) {
            fill.refused(journal.heldBytes());
        }
        countThrottled(batch, refused.why());
        throw refused;
    }

    private static ThrottledException.Cause why(Throwable failure) {
        if (!(failure instanceof JournalFullException)) {
            return ThrottledException.Cause.DISK_FAILED;
        }
        return failure.getCause() instanceof DiskFullException
                ? ThrottledException.Cause.DISK_FULL
                : ThrottledException.Cause.JOURNAL_FULL;
    }

    private CompletionStage<AcceptedBatch> throttled(
            RecordBatch batch, ThrottledException.Cause why) {
        countThrottled(batch, why);
        return CompletableFuture.failedFuture(new ThrottledException(why));
    }

    private void countThrottled(RecordBatch batch, ThrottledException.Cause why) {
        engine.metrics()
                .add(
                        Metric.THROTTLED_RECORDS,
                        name(),
                        why.name().toLowerCase(Locale.ROOT),
                        batch.count());
    }

    // --- commit ---

    /** A lane's checkpoint has moved: the journal may forget up to the slowest lane. */
    private void committed() {
        long slowest = Long.MAX_VALUE;
        for (Lane lane : lanes) {
            slowest = Math.min(slowest, lane.durableCheckpoint());
        }
        slowest = Math.min(slowest, pinned);
        journal.forgetBelow(slowest);
        journal.limit(share.journalBytes());
    }

    // --- from outside ---

    /**
     * Seals and lands what has been accepted by now; completes when all lanes have committed it.
     */
    public CompletionStage<Void> flush() {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (Lane lane : lanes) {
            all = all.thenCombine(lane.flush(), (a, b) -> null);
        }
        return all;
    }

    /**
     * Changes the definition: seals the open ranges and switches, each lane at its own position. A
     * backup that is switched on holds what is accepted from then on; one that is switched off
     * still lands what was accepted before.
     *
     * @param document as it was written, {@code ${…}} unresolved
     * @return the version in force, once it is; the present one when nothing changes
     */
    public CompletionStage<Integer> replaceDefinition(
            StreamDefinition settings, String document, ComponentFactory components) {
        synchronized (changing) {
            return change(settings, document, components);
        }
    }

    private CompletionStage<Integer> change(
            StreamDefinition settings, String document, ComponentFactory components) {
        int version = home.versionOf(document);
        if (version == definition.version()) {
            return CompletableFuture.completedFuture(version);
        }
        StreamDefinition next = settings.withVersion(version);
        StreamComponents made = components.components(next);
        List<LaneEntry> before = home.lanes();
        try {
            int versionBefore = home.version();
            home.define(document);
            comeAndGo(next, made, versionBefore, components);
        } catch (IOException | IllegalArgumentException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (LaneEntry entry : home.lanes()) {
            if (entry.isOn() && before.contains(entry)) {
                all = all.thenCombine(lane(entry.name()).replace(of(entry, made)), (a, b) -> null);
            }
        }
        return all.thenApply(
                done -> {
                    inForce(next);
                    return version;
                });
    }

    private synchronized void inForce(StreamDefinition next) {
        if (next.version() > definition.version()) {
            definition = next;
        }
    }

    /** What happens to open buffers when the stream stops. */
    public enum Stopping {
        /**
         * They are sealed and landed; what has not landed after the grace lands after the next
         * start.
         */
        LAND_OPEN,
        /** Their records stay in the journal and are read again after the next start. */
        KEEP_OPEN
    }

    /**
     * Stops: no more records are accepted, open buffers land or stay, then the journal is closed.
     * No accepted record is lost, whatever the grace.
     */
    public CompletionStage<Void> stop(Stopping how, Duration grace) {
        stopping = true;
        CompletableFuture<Void> drained = new CompletableFuture<>();
        if (how == Stopping.LAND_OPEN) {
            engine.world().scheduler().after(grace, ticks, () -> drained.complete(null));
            flush().whenComplete((done, failure) -> drained.complete(null));
        } else {
            drained.complete(null);
        }
        return drained.thenComposeAsync(done -> close(), ticks);
    }

    private CompletionStage<Void> close() {
        tick.cancel();
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (Lane lane : lanes) {
            all = all.thenCombine(lane.stop(), (a, b) -> null);
        }
        return all.thenRun(() -> engine.landings().forget(name()))
                .thenCompose(done -> journal.stop())
                .thenRun(share::close);
    }

    // --- what is seen of it ---

    /** What the stream looked like after each lane's last step. Callable from any thread. */
    public StreamStatus status() {
        List<StreamStatus.LaneStatus> laneStatus = new ArrayList<>();
        List<String> troubles = new ArrayList<>();
        if (!journal.healthy()) {
            troubles.add(journal.trouble());
        }
        if (!fill.trouble().isEmpty()) {
            troubles.add(fill.trouble());
        }
        for (Lane lane : lanes) {
            laneStatus.add(lane.snapshot().status());
            troubles.addAll(lane.snapshot().troubles());
        }
        boolean begun = home.createdMillis() > 0;
        return new StreamStatus(
                definition,
                begun ? home.incarnation().hex() : "",
                home.createdMillis(),
                journal.bytes(),
                share.journalBytes(),
                laneStatus,
                troubles);
    }

    private long diskBytes() {
        long sum = journal == null ? 0 : journal.bytes();
        for (Lane lane : lanes) {
            sum += lane.snapshot().diskBytes();
        }
        return sum;
    }

    private void onTick() {
        if (stopping) {
            return;
        }
        long limit = share.journalBytes();
        journal.limit(limit);
        fill.look(journal.heldBytes(), limit, engine.world().clock().nanoTime());
        tick = engine.world().scheduler().after(TICK, ticks, this::onTick);
    }

    private void registerGauges() {
        Metrics metrics = engine.metrics();
        metrics.gauge(Metric.JOURNAL_BYTES, name(), journal::bytes);
        metrics.gauge(Metric.JOURNAL_FULL_SECONDS, name(), fill::secondsUntilFull);
        metrics.gauge(Metric.JOURNAL_LIMIT_BYTES, name(), share::journalBytes);
        metrics.gauge(
                Metric.BUFFERED_RECORDS,
                name(),
                () -> lanes.get(0).snapshot().status().books().buffered());
        metrics.gauge(
                Metric.ACTIVE_PARTITIONS,
                name(),
                () -> lanes.get(0).snapshot().status().activePartitions());
        metrics.gauge(Metric.SPOOL_BYTES, name(), () -> sum(StreamStatus.LaneStatus::spoolBytes));
        metrics.gauge(
                Metric.STAGING_BYTES, name(), () -> sum(StreamStatus.LaneStatus::stagingBytes));
        metrics.gauge(Metric.MEMORY_BYTES, name(), () -> sum(StreamStatus.LaneStatus::memoryBytes));
        metrics.gauge(Metric.STREAM_HEALTHY, name(), () -> status().healthy() ? 1 : 0);
        metrics.gauge(
                Metric.BOOKS_BALANCED,
                name(),
                () ->
                        lanes.stream().allMatch(l -> l.snapshot().status().books().balanced())
                                ? 1
                                : 0);
        metrics.gauge(
                Metric.FRESHNESS,
                name(),
                () -> {
                    long oldest = lanes.get(0).snapshot().status().oldestMillis();
                    return oldest == 0
                            ? 0
                            : Math.max(0, engine.world().clock().millis() - oldest) / 1000.0;
                });
    }

    private double sum(java.util.function.ToLongFunction<StreamStatus.LaneStatus> value) {
        return lanes.stream().mapToLong(l -> value.applyAsLong(l.snapshot().status())).sum();
    }
}
