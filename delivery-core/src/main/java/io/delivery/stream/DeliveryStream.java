package io.delivery.stream;

import static io.delivery.stream.ThrottledException.Cause.DISK_FAILED;
import static io.delivery.stream.ThrottledException.Cause.STOPPING;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionStatus;
import io.delivery.config.Origin;
import io.delivery.config.StreamDefinition;
import io.delivery.engine.DiskShares;
import io.delivery.engine.Engine;
import io.delivery.failure.OpenedSoFar;
import io.delivery.home.StreamHome;
import io.delivery.journal.Journal;
import io.delivery.journal.JournalSettings;
import io.delivery.landing.Diversion;
import io.delivery.landing.DiversionAnswer;
import io.delivery.lane.Lane;
import io.delivery.lane.LaneStatus;
import io.delivery.log.Log;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * One delivery stream: the corridor that all rooms of the core open on.
 *
 * <p><b>accept</b> answers the producer (200) once its records are durable in the journal; it says
 * nothing about delivery. When the journal is full (by its limit or by its disk), its disk has
 * failed or the stream is stopping, the whole batch is <i>throttled</i>: {@link ThrottledException}
 * (503), no lane reads it, no books count it, and the producer must come again. Only of what a
 * failed disk refused, or a dying process did not answer, may something be there after the restart;
 * it is then delivered like any other record, and a producer that came again has it twice.
 *
 * <p>Each lane ({@link io.delivery.lane.Lane}) then reads what is durable, in log order, range by
 * range. The main lane splits a record into its parts, at least one, and each part takes the path
 * of the definition ({@link io.delivery.lane.path.RecordPath}) to exactly one fate ({@link
 * io.delivery.lane.path.Fate}), which it meets in {@link io.delivery.lane.range.OpenRange#settle}:
 *
 * <ul>
 *   <li><i>converted</i> (or kept raw): processed, partitioned, buffered, encoded into an object of
 *       the main output;
 *   <li><i>failed</i>, in processing, partitioning, conversion or as a part that a splitter gives
 *       up: a line in an error object of the same range, under the error prefix of the same bucket,
 *       with the bytes of the part as it was before the step that failed; the step is not tried
 *       again;
 *   <li><i>dropped</i> by a processor (Firehose: a transform): counted, in no object of this lane.
 * </ul>
 *
 * While the definition asks for one, a backup lane lands whole records as they were accepted from
 * the moment it was switched on, neither split nor processed, whatever became of them in the main
 * lane.
 *
 * <p>A buffer that is closed is encoded and <i>staged</i>: durable on the local disk ({@link
 * io.delivery.lane.encode.GroupEncoder}). What is staged is <i>recorded</i> in the lane's state:
 * its key and bytes, and the fates of its parts, are final. Only then does it <i>land</i> in the
 * store ({@link io.delivery.lane.record.Recorder}), which is tried until it succeeds. A range is
 * <i>sealed</i> when all its parts are in recorded objects, error objects included, or dropped;
 * until then a restart asks the processors again about the parts in no recorded object, and they
 * may answer differently. It is <i>committed</i> when all its objects, which may be none, have been
 * seen in the store. The journal may forget what every lane has committed.
 *
 * <p>Each lane keeps {@link io.delivery.lane.Books} of its own that balance at every moment. Every
 * record that is durable, answered or not, and every extra part of it is <i>buffered</i> until its
 * range is committed; then it is landed, in the error output or dropped. Two columns are no fates
 * of the path: <i>damaged</i> is what the disk lost, <i>discarded</i> went with its stream.
 */
public final class DeliveryStream {
    private final Engine engine;
    private final StreamHome home;
    private final StreamEncryption encryption;
    private final DiskShares.Share share;
    private final Lanes lanes;
    private final JournalFill fill;
    private final Refusals refusals;
    private final Executor ticks;
    private final OwnedComponents owned;

    /** Those that it reads beside its journal, by their names. */
    private final Map<String, Log> otherLogs;

    private volatile Journal journal;
    private volatile StreamDefinition definition;

    /** Durable; in force once each lane has come to the end of its range. */
    private volatile StreamDefinition accepted;

    private volatile boolean stopping;

    /** Null until somebody deletes the stream. */
    private volatile Deletion deletion;

    /** Null until the lanes of a deleted stream have stopped. */
    private volatile List<LaneStatus> discarded;

    private volatile Removal removal;

    /** One change at a time: no two get one version, and every lane takes them in one order. */
    private final Object changing = new Object();

    private final StreamTicks looking;
    private final StreamTroubles troubles;

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
        return open(engine, home, new DefinedStream(settings, document), components);
    }

    /**
     * The same for a stream whose home is known. One that a caller of the API has just made is
     * durable as a whole at return; when that fails, its directory may be there all the same.
     */
    static DeliveryStream open(
            Engine engine, StreamHome home, DefinedStream stream, ComponentFactory components)
            throws IOException {
        String document = stream.document();
        StreamDefinition definition = stream.definition().withVersion(home.versionOf(document));
        return new DeliveryStream(engine, home, definition, document, components);
    }

    private DeliveryStream(
            Engine engine,
            StreamHome home,
            StreamDefinition definition,
            String document,
            ComponentFactory factory)
            throws IOException {
        this.engine = engine;
        this.home = home;
        this.definition = definition;
        this.accepted = definition;
        this.fill = new JournalFill(definition.name());
        this.refusals = new Refusals(engine, definition.name(), fill);
        this.ticks = engine.world().scheduler().serial(definition.name() + "/ticks");
        this.owned = new OwnedComponents(factory);
        OpenedSoFar opened = new OpenedSoFar();
        opened.add(owned::close);
        try {
            this.otherLogs = Logs.others(definition, factory);
            this.encryption = StreamEncryption.read(engine, home, definition);
            Map<String, StreamComponents> components = owned.ofEach(logNames(), definition);
            this.lanes = Lanes.recover(engine, home, definition.name(), encryption.keys());
            this.share = engine.disk().open(this::diskBytes, 1);
            opened.add(share::close);
            this.journal = openJournal(lanes.knownEndOfJournal());
            opened.add(journal::close);
            opened.add(() -> lanes.each(Lane::stop)); // their lists take memory of the process
            lanes.open(
                    Logs.beside(journal, otherLogs),
                    share,
                    definition,
                    document,
                    components,
                    owned,
                    this::committed);
            encryption.begin();
            if (home.origin() == Origin.API && home.createdMillis() == 0) {
                home.create();
            }
            troubles = new StreamTroubles(journal, fill, refusals, lanes);
            looking =
                    new StreamTicks(
                            engine.world(),
                            ticks,
                            journal,
                            share,
                            fill,
                            lanes,
                            encryption,
                            otherLogs.isEmpty());
            opened.add(looking::stop);
            new StreamGauges(lanes, engine.world().clock())
                    .register(
                            engine.metrics(),
                            this::definition,
                            fill,
                            journal,
                            share::journalBytes,
                            () -> status().healthy() ? 1 : 0,
                            () -> encryption.status().state().encrypts() ? 1 : 0);
            lanes.start();
            looking.start();
        } catch (Throwable failed) { // also errors: whoever tries again must not meet this one
            opened.closeAfter(failed);
            throw failed;
        }
    }

    private Journal openJournal(long firstSequence) throws IOException {
        return Journal.open(
                new JournalSettings(
                        home.journal(),
                        name(),
                        home.incarnation(),
                        firstSequence,
                        share.journalBytes(),
                        encryption.keys(),
                        home::create),
                engine.world(),
                engine.metrics());
    }

    /** Of all logs that it reads. */
    Set<String> logNames() {
        return Logs.beside(journal, otherLogs).keySet();
    }

    public String name() {
        return definition.name();
    }

    /** The version that a document would have; that of the present one when it says the same. */
    int versionOf(String document) {
        return home.versionOf(document);
    }

    StreamHome home() {
        return home;
    }

    public StreamDefinition definition() {
        return definition;
    }

    EncryptionStatus encryption() {
        return encryption.status();
    }

    /** Starts or, without settings, stops encryption, as {@link StreamEncryption} tells. */
    EncryptionStatus encrypt(Optional<EncryptionSettings> settings) throws IOException {
        return looking.lookAfter(() -> encryption.call(settings));
    }

    /** The newest one, which may take effect later. */
    StreamDefinition accepted() {
        return accepted;
    }

    /** As {@link Lane#storesToLandIn}, of all its lanes. */
    CompletionStage<Set<String>> storesToLandIn() {
        return lanes.storesToLandIn();
    }

    // --- accept ---

    /**
     * Accepts records, unchanged until the answer. Completes when they survive a crash.
     *
     * @return fails with a {@link CompletionException} of {@link ThrottledException} when nothing
     *     was accepted. After a failed disk a crash may bring them back: a retry makes them twice
     */
    public CompletionStage<AcceptedBatch> accept(RecordBatch batch) {
        if (stopping || home.isDeleted()) {
            return CompletableFuture.failedFuture(throttled(batch, STOPPING));
        }
        looking.wake();
        long begun = engine.world().clock().nanoTime();
        return journal.append(batch)
                .handle((accepted, failure) -> answer(batch, begun, accepted, failure));
    }

    private AcceptedBatch answer(
            RecordBatch batch, long begun, AcceptedBatch accepted, Throwable failure) {
        looking.wake(); // it may have begun to rest while the record was on its way
        if (failure != null) {
            throw throttled(batch, Refusals.why(failure, stopping ? STOPPING : DISK_FAILED));
        }
        refusals.accepted();
        Metrics metrics = engine.metrics();
        metrics.observe(Metric.ACCEPT_SECONDS, name(), engine.world().clock().nanoTime() - begun);
        metrics.add(Metric.ACCEPTED_RECORDS, name(), batch.count());
        metrics.add(Metric.ACCEPTED_BYTES, name(), batch.recordBytes());
        return accepted;
    }

    private CompletionException throttled(RecordBatch batch, ThrottledException.Cause why) {
        if (deletion == null) {
            refusals.refused(why, batch.count(), journal.heldBytes());
        }
        return new CompletionException(new ThrottledException(why));
    }

    // --- commit ---

    /** A lane's checkpoint has moved: the journal may forget up to the slowest lane. */
    private void committed() {
        lanes.forgetCommitted();
        journal.limit(share.journalBytes());
    }

    // --- flush, change, stop ---

    /** Seals and lands what was accepted by now; completes when all lanes have committed it. */
    public CompletionStage<Void> flush() {
        return lanes.each(Lane::flush);
    }

    /** Leads objects of all lanes that do not land elsewhere, and says what each lane did. */
    public CompletionStage<DiversionAnswer> divert(Diversion diversion) {
        return Lane.divert(lanes.all(), diversion);
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
            if (stopping) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("stream %s is stopping".formatted(name())));
            }
            return looking.lookAfter(() -> change(settings, document, components));
        }
    }

    private CompletionStage<Integer> change(
            StreamDefinition settings, String document, ComponentFactory components) {
        int version = home.versionOf(document);
        if (version == definition.version()) {
            return CompletableFuture.completedFuture(version);
        }
        StreamDefinition next = settings.withVersion(version);
        Map<String, StreamComponents> made = owned.madeBy(components).ofEach(logNames(), next);
        GoingOver over;
        try {
            over =
                    owned.handOver(
                            made,
                            sets -> {
                                encryption.prepare(next);
                                return lanes.change(next, document, sets);
                            });
            accepted = next;
        } catch (IOException | IllegalArgumentException refused) {
            return CompletableFuture.failedFuture(refused);
        } finally {
            encryption.follow(accepted);
        }
        return over.begin()
                .thenApply(
                        done -> {
                            inForce(next);
                            return version;
                        });
    }

    /**
     * Goes over to other components of the newest definition, as {@link #replaceDefinition} does to
     * those of another one.
     *
     * @param settings that definition; the values of its {@code ${…}} may be others
     */
    CompletionStage<Void> replaceComponents(
            StreamDefinition settings, ComponentFactory components) {
        synchronized (changing) {
            if (stopping) {
                return CompletableFuture.completedFuture(null);
            }
            StreamDefinition next = settings.withVersion(accepted.version());
            Map<String, StreamComponents> made = owned.madeBy(components).ofEach(logNames(), next);
            GoingOver over = owned.handOver(made, lanes::goingOver);
            accepted = next;
            return over.begin().thenRun(() -> inForce(next));
        }
    }

    /** Unless a later one is already. */
    private synchronized void inForce(StreamDefinition next) {
        if (next == accepted || next.version() > definition.version()) {
            definition = next;
        }
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
        return drained.thenComposeAsync(done -> halt(), ticks).thenRun(share::close);
    }

    /**
     * No encoder and no lane of the stream runs any more when this has completed. A group that
     * waits for a catalog by then gives its memory back when that wait ends, and does nothing else.
     */
    private CompletionStage<Void> halt() {
        looking.stop();
        CompletionStage<Void> stopped;
        synchronized (changing) { // a lane that was about to come is stopped as well
            stopped = lanes.each(Lane::stop);
            if (!home.isDeleted()) {
                lanes.settleDoubt(); // the last word on the disk is that of the lanes that were
                encryption.settle();
            }
        }
        return stopped.thenCompose(done -> engine.landings().forget(name()))
                .thenCompose(done -> engine.encoding().idle(name()))
                .thenCompose(done -> journal.stop())
                .thenRun(owned::close);
    }

    // --- delete ---

    /**
     * Deletes the stream. That is durable before anything else happens; then it stops, what has not
     * landed is discarded, and its directory is removed. Objects that are under way may still land.
     *
     * @return the same for everybody who asks, unless nothing came of it before
     */
    public Deletion delete() {
        synchronized (changing) {
            if (deletion == null || deletion.isRefused()) {
                CompletionStage<Void> marked = DeletionMark.of(home, engine.world(), ticks).write();
                deletion = new Deletion(marked, marked.thenComposeAsync(done -> end(), ticks));
            }
            return deletion;
        }
    }

    private CompletionStage<StreamStatus> end() {
        stopping = true;
        return halt().thenComposeAsync(done -> remove(), ticks);
    }

    private CompletionStage<StreamStatus> remove() {
        discarded = lanes.discarded();
        removal = new Removal(engine, home.directory());
        discarded.forEach(lane -> removal.tell(home.incarnation(), name(), lane));
        return removal.start(ticks)
                .thenApply(
                        done -> {
                            share.close();
                            engine.metrics().remove(name());
                            return status();
                        });
    }

    // --- what is seen of it ---

    /** What the stream looked like after each lane's last step. Callable from any thread. */
    public StreamStatus status() {
        looking.lookIfResting();
        boolean begun = home.createdMillis() > 0;
        return new StreamStatus(
                name(),
                definition.version(),
                home.origin(),
                deletion == null || deletion.isRefused()
                        ? StreamPhase.ACTIVE
                        : StreamPhase.DELETING,
                begun ? home.incarnation().hex() : "",
                home.createdMillis(),
                Optional.of(encryption.status().state()),
                journal.bytes(),
                share.journalBytes(),
                discarded != null ? discarded : lanes.status(),
                deletion == null ? refusals.sentence() : "",
                removal != null ? removal.troubles() : troubles.sentences());
    }

    private long diskBytes() {
        return (journal == null ? 0 : journal.bytes()) + lanes.diskBytes();
    }
}
