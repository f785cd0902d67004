package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import io.delivery.journal.Journal;
import io.delivery.journal.JournalFullException;
import io.delivery.journal.JournalSettings;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneState;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordBatch;
import io.delivery.world.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

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

    private final Engine engine;
    private final StreamHome home;
    private volatile Journal journal;

    /**
     * Set once, when all of them are there: other streams ask for the bytes of these from the
     * start.
     */
    private volatile List<Lane> lanes = List.of();

    private final DiskShares.Share share;
    private final Executor ticks;
    private volatile StreamDefinition definition;
    private volatile boolean stopping;
    private volatile double fullSeconds = Double.POSITIVE_INFINITY;
    private final Growth growth = new Growth();
    private Scheduler.Cancellable tick = () -> {};

    /**
     * Opens a stream: finishes what an earlier process began, and reads on.
     *
     * @param settings the version in it is ignored: the stream's history assigns one
     * @param document the definition as it was written, {@code ${…}} unresolved
     * @param components makes the components of a version
     * @throws IllegalArgumentException when the backup was switched on or off since the last start
     */
    public static DeliveryStream start(
            Engine engine, StreamDefinition settings, String document, ComponentFactory components)
            throws IOException {
        StreamHome home = StreamHome.find(engine.dataDirectory(), settings.name(), engine.world());
        int version = home.versionOf(document);
        home.define(version, document);
        StreamDefinition definition = settings.withVersion(version);
        return new DeliveryStream(engine, home, definition, components.components(definition));
    }

    /** The streams that have a directory, whether or not anybody still configures them. */
    public static List<KeptStream> kept(Engine engine) throws IOException {
        return StreamHome.all(engine.dataDirectory(), engine.world());
    }

    /** Makes the components that a version of a definition names. */
    @FunctionalInterface
    public interface ComponentFactory {
        StreamComponents components(StreamDefinition definition);
    }

    private DeliveryStream(
            Engine engine,
            StreamHome home,
            StreamDefinition definition,
            StreamComponents components)
            throws IOException {
        this.engine = engine;
        this.home = home;
        this.definition = definition;
        this.ticks = engine.world().scheduler().serial(definition.name() + "/ticks");
        List<LaneComponents> all = new ArrayList<>();
        all.add(components.main());
        components.backup().ifPresent(all::add);
        home.open(all.stream().map(lane -> laneName(lane.kind())).toList());
        List<LaneState> states = new ArrayList<>();
        long next = 0;
        for (LaneComponents lane : all) {
            LaneState state = recover(lane);
            states.add(state);
            next = Math.max(next, state.plan().knownEnd());
        }
        this.share = engine.disk().open(this::diskBytes, all.size());
        try {
            this.journal = openJournal(next);
            List<Lane> opened = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                opened.add(openLane(all.get(i), states.get(i)));
            }
            this.lanes = List.copyOf(opened);
        } catch (IOException | RuntimeException failed) {
            share.close();
            throw failed;
        }
        registerGauges();
        lanes.forEach(Lane::start);
        onTick();
    }

    private Lane openLane(LaneComponents lane, LaneState state) throws IOException {
        String laneName = laneName(lane.kind());
        return Lane.recover(
                engine,
                name(),
                laneName,
                home.lane(laneName),
                home.incarnation(),
                lane,
                share,
                journal,
                state,
                this::committed);
    }

    private LaneState recover(LaneComponents lane) throws IOException {
        String laneName = laneName(lane.kind());
        Path directory = home.lane(laneName);
        Incarnation incarnation = home.incarnation();
        return LaneState.recover(
                directory,
                incarnation,
                engine.programVersion(),
                0,
                engine.limits().stateTailBytes(),
                engine.world());
    }

    /** The lanes of a stream are those of its first version: {@link #start} refuses another set. */
    private static String laneName(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "-1";
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
        ThrottledException refused =
                new ThrottledException(
                        cause instanceof JournalFullException
                                ? ThrottledException.Cause.JOURNAL_FULL
                                : ThrottledException.Cause.DISK_FAILED);
        countThrottled(batch, refused.why());
        throw refused;
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
            slowest = Math.min(slowest, lane.checkpoint());
        }
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
     * change that switches the backup on or off is refused.
     *
     * @param document as it was written, {@code ${…}} unresolved
     * @return the version in force, once it is; the present one when nothing changes
     */
    public CompletionStage<Integer> replaceDefinition(
            StreamDefinition settings, String document, ComponentFactory components) {
        int version = home.versionOf(document);
        if (version == definition.version()) {
            return CompletableFuture.completedFuture(version);
        }
        if (settings.backup().isPresent() != definition.backup().isPresent()) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException(
                            "stream %s: the backup of a stream cannot be switched on or off; give the"
                                            .formatted(name())
                                    + " changed stream another name"));
        }
        StreamDefinition next = settings.withVersion(version);
        StreamComponents made = components.components(next);
        try {
            home.define(version, document);
        } catch (IOException failed) {
            return CompletableFuture.failedFuture(failed);
        }
        CompletionStage<Void> all = lanes.get(0).replace(made.main());
        if (made.backup().isPresent()) {
            all =
                    all.thenCombine(
                            lanes.get(1).replace(made.backup().orElseThrow()), (a, b) -> null);
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
        fullSeconds =
                growth.secondsUntil(limit, journal.bytes(), engine.world().clock().nanoTime());
        tick = engine.world().scheduler().after(TICK, ticks, this::onTick);
    }

    private void registerGauges() {
        Metrics metrics = engine.metrics();
        metrics.gauge(Metric.JOURNAL_BYTES, name(), journal::bytes);
        metrics.gauge(Metric.JOURNAL_FULL_SECONDS, name(), () -> fullSeconds);
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
