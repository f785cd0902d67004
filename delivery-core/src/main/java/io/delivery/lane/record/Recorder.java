package io.delivery.lane.record;

import io.delivery.engine.Engine;
import io.delivery.landing.Diversion;
import io.delivery.landing.Diversion.Looks;
import io.delivery.landing.Diverted;
import io.delivery.landing.LandingTask;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Doubt;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Upload;
import io.delivery.landing.LaneRecord.Voided;
import io.delivery.landing.LaneState;
import io.delivery.landing.ObjectStore;
import io.delivery.lane.components.FoldersOfVersions;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.range.OpenRange;
import io.delivery.staging.Staging;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Record, land, commit: from staged bytes to a checkpoint. Everything it decides is in the lane's
 * state before anybody acts on it. Belongs to its lane's executor.
 */
public final class Recorder implements LandingTask.Listener {
    private static final Logger log = LoggerFactory.getLogger(Recorder.class);

    private final Engine engine;
    private final LaneName name;
    private final LaneState state;
    private final Staging staging;
    private final LaneMeter meter;
    private final Executor executor;
    private final Consumer<Recorded> follow;
    private final Set<String> landing = new HashSet<>(1);
    private final Map<String, String> landed = new HashMap<>(1);
    private final Map<String, String> storeTroubles = new HashMap<>();
    private final VoidWatch watch;
    private final Departures departures;
    private final StagedFiles files;
    private final StateAppends appends;
    private final EarlyFreeing freeing;
    private boolean stopped;
    private String whyStopped = "";

    /**
     * @param executor the lane's
     * @param follow told on the lane's executor what follows from a step
     */
    public Recorder(
            Engine engine,
            LaneName name,
            LaneState state,
            Staging staging,
            LaneMeter meter,
            Executor executor,
            Consumer<Recorded> follow) {
        this.engine = engine;
        this.name = name;
        this.state = state;
        this.staging = staging;
        this.meter = meter;
        this.executor = executor;
        this.follow = follow;
        this.files = new StagedFiles(staging, name, engine.world().clock());
        Runnable changed = () -> follow.accept(new Recorded.TroubleChanged());
        this.watch = new VoidWatch(engine.world(), engine.stores(), name, executor, changed);
        this.appends =
                new StateAppends(
                        state,
                        executor,
                        new StateAppends.Listener() {
                            @Override
                            public void durable(List<RangePlan> committed) {
                                committed.forEach(Recorder.this::forget);
                                follow.accept(new Recorded.Committed());
                            }

                            @Override
                            public void failed(IOException failure) {
                                stateFailed(failure);
                            }
                        });
        this.freeing = new EarlyFreeing(state, appends, files, landed);
        this.departures = new Departures(engine, name, staging, meter, watch);
    }

    public LanePlan plan() {
        return state.plan();
    }

    /** The names of the stores in which objects have to land, as recorded and as decided. */
    public Set<String> storesToLandIn() {
        return departures.storesToLandIn(plan());
    }

    /** Everything below is settled, and that is durable: the log may forget it. */
    public long durableCheckpoint() {
        return state.confirmed() ? plan().checkpoint() : 0;
    }

    // --- after a start ---

    /** Whether an earlier process left anything that must be finished or cleaned up. */
    public boolean unfinished() throws IOException {
        return plan().ranges().iterator().hasNext() || !staging.files().isEmpty();
    }

    /**
     * Writes again what is believed, removes staged bytes that no record names, and lands every
     * object that is not committed.
     */
    public void recover() throws IOException {
        state.own();
        Set<String> named = new HashSet<>();
        for (RangePlan range : plan().ranges()) {
            range.toLand().forEach(object -> named.add(object.staged().file()));
        }
        staging.deleteAllBut(named);
        for (RangePlan range : plan().ranges()) {
            range.toLand().forEach(this::landAgain);
            range.voided().forEach(departures::watch);
            range.abandoned().forEach(departures::watch);
        }
    }

    private void landAgain(ObjectRecord object) {
        ObjectStore store = storeOf(object);
        LandingTask.Before before =
                plan().doubted(object)
                        ? LandingTask.Before.ANSWER_WAS_DOUBTED
                        : LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT;
        String upload = plan().uploadOf(object);
        if (upload == null) {
            land(object, before);
            return;
        }
        store.abort(object.name(), upload)
                .whenCompleteAsync((done, failure) -> land(object, before), executor);
    }

    private ObjectStore storeOf(ObjectRecord object) {
        ObjectStore store = engine.stores().store(object.store());
        if (store == null) {
            throw new IllegalStateException(
                    "stream %s: store %s is not configured, and %s still has to land there"
                            .formatted(name.stream(), object.store(), object.name()));
        }
        return store;
    }

    // --- record ---

    /** The lane was switched off, and everything it had to read is committed. */
    public void end() throws IOException {
        staging.deleteAllBut(Set.of()); // nobody will look again
        appends.append(List.of(new LaneRecord.End(plan().checkpoint())));
    }

    /** Writes again what is believed, before the first append of this process. */
    public void own() throws IOException {
        state.own();
    }

    /**
     * Records the staged objects of a range, and its seal with the last of them: one append, one
     * sync. From here on their keys and bytes are fixed and they may become visible.
     */
    public void record(OpenRange range) throws IOException {
        state.own();
        List<ObjectRecord> objects = ObjectRecords.of(range, name, state.salt());
        List<LaneRecord> records = new ArrayList<>(objects);
        boolean sealed = range.fullyStaged();
        if (sealed) {
            records.add(range.seal(objects));
        }
        if (records.isEmpty()) {
            return;
        }
        appends.append(records);
        if (sealed) {
            sealed(range, range.nextNumber() + objects.size());
        }
        range.clearStaged();
        objects.forEach(object -> range.recorded(object, ObjectRecords.sizeOf(object)));
        // From here on the objects may be visible.
        objects.forEach(object -> land(object, LandingTask.Before.NOTHING_WAS_SENT));
    }

    private void sealed(OpenRange range, int objects) {
        log.info(
                "range sealed: {} start={} end={} trigger={} objects={}",
                name,
                range.start(),
                range.end(),
                range.wanted().label(),
                objects);
        meter.sealed(range);
    }

    /** Forgets what was committed along with the last append. */
    public void forgetCommitted() {
        appends.tellCommitted();
    }

    // --- land ---

    private void land(ObjectRecord object, LandingTask.Before before) {
        if (stopped || !landing.add(object.id())) {
            return;
        }
        engine.landings()
                .start(
                        new LandingTask(
                                name.stream(),
                                storeOf(object),
                                object,
                                staging.content(object.staged()),
                                before,
                                executor,
                                this));
    }

    @Override
    public void landed(ObjectRecord object, String said) {
        if (stopped || !landing.remove(object.id())) {
            return;
        }
        landed.put(object.id(), said);
        plan().rangeAt(object.rangeStart()).objectSeen(object);
        log.info(
                "object landed: {} object={} records={} bytes={}",
                name,
                object.name(),
                object.records(),
                object.staged().length());
        departures.landed(object);
        commit();
        follow.accept(new Recorded.Landed());
    }

    @Override
    public void stranger(ObjectRecord object, String seen) {
        if (stopped) {
            return;
        }
        follow.accept(
                plan().doubted(object)
                        ? Recorded.Occupied.byOtherBytes(object, seen)
                        : Recorded.Occupied.byAStranger(object, seen));
    }

    @Override
    public void damaged(ObjectRecord object, String reason) {
        if (stopped || !landing.remove(object.id())) {
            return;
        }
        log.error(
                "staged bytes damaged, the object's records are read again: {}"
                        + " object={} error={}",
                name,
                object.name(),
                reason);
        departures.decide(object, new Voided(object.rangeStart(), object.number(), reason));
        recordDecisions();
    }

    @Override
    public void keyRefused(ObjectRecord object, String said) {
        if (!stopped && landing.contains(object.id())) {
            follow.accept(new Recorded.KeyRefused(object, said));
        }
    }

    // --- ways out for objects that do not land ---

    /**
     * Leads objects that do not land elsewhere. Nothing happens to those whose key cannot be given
     * up now.
     *
     * @param done completes with what was done with each, once that is durable; fails when it could
     *     not be written
     */
    public void divert(Diversion diversion, CompletableFuture<List<Diverted>> done) {
        if (stopped) {
            done.completeExceptionally(new IllegalStateException(whyStopped));
            return;
        }
        Looks looks = diversion.looks();
        answer(done, () -> divert(departures.choices(diversion, plan(), landing), looks, done));
    }

    /** The records of an object fail whose values make a refused key, if it can be given up. */
    public void skip(Recorded.KeyRefused refused, FoldersOfVersions all) {
        divert(
                departures.choices(refused, plan(), all),
                Looks.MUST_NOT_SEE_IT,
                new CompletableFuture<>()); // what comes of it shows in the books
    }

    private void divert(
            List<WaysOut.Choice> choices, Looks looks, CompletableFuture<List<Diverted>> done) {
        departures
                .ask(choices, looks, this)
                .thenAccept(all -> executor.execute(() -> answer(done, () -> depart(all, done))));
    }

    /** A defect is an answer too, for whoever waits for one; then it stops the lane. */
    private static void answer(CompletableFuture<?> done, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error defect) {
            done.completeExceptionally(defect);
            throw defect;
        }
    }

    private void depart(List<Departures.Answer> answers, CompletableFuture<List<Diverted>> done) {
        List<Diverted> diverted = new ArrayList<>();
        for (Departures.Answer answer : answers) {
            ObjectRecord object = answer.choice().object();
            Diverted.Outcome outcome = answer.choice().outcome();
            if (answer.choice().record().isPresent()) {
                if (answer.kept().isPresent()) {
                    outcome = new Diverted.Outcome.Unchanged(answer.kept().get());
                } else if (stopped || !landing.remove(object.id())) {
                    outcome =
                            new Diverted.Outcome.Unchanged(
                                    stopped ? whyStopped : "it is not to land there any more");
                } else if (departures.hasTarget(answer.choice())) {
                    departures.decide(object, answer.choice().record().get());
                } else {
                    outcome =
                            new Diverted.Outcome.Unchanged(
                                    "its new store is not configured any more");
                    landAgain(object); // its key was given up, and is the only one it has
                }
            }
            diverted.add(new Diverted(name.lane(), object, outcome));
        }
        recordDecisions();
        if (departures.areRecorded() || stopped) {
            done.complete(diverted);
        } else {
            done.completeExceptionally(
                    new IllegalStateException(
                            "it could not be written to the lane's state, and is tried again"));
        }
    }

    /** Records what becomes of objects that do not land, before anything is done about it. */
    private void recordDecisions() {
        if (departures.areRecorded() || stopped) {
            return;
        }
        try {
            appends.append(departures.records(plan()));
        } catch (IOException failed) {
            stateFailed(failed);
            return;
        }
        Departures.Consequences next = departures.recorded(plan());
        files.removeUnneeded(next.readAgain(), plan());
        next.landElsewhere().forEach(object -> land(object, LandingTask.Before.NOTHING_WAS_SENT));
        if (!next.readAgain().isEmpty()) {
            follow.accept(new Recorded.Voided(next.readAgain()));
        }
        forgetCommitted();
    }

    @Override
    public void doubt(ObjectRecord object, String said) {
        if (!stopped && !plan().doubted(object)) {
            appends.appendUnsynced(new Doubt(object.rangeStart(), object.number(), said));
        }
    }

    @Override
    public void uploadStarted(ObjectRecord object, String uploadId) {
        if (!stopped) {
            appends.appendUnsynced(new Upload(object.rangeStart(), object.number(), uploadId));
        }
    }

    @Override
    public void trouble(String bucket, String text) {
        if (text.isEmpty()) {
            storeTroubles.remove(bucket);
        } else {
            storeTroubles.put(bucket, text);
        }
        follow.accept(new Recorded.TroubleChanged());
    }

    /** What is the matter with its stores, and with what is in them. */
    public List<String> storeTroubles() {
        List<String> troubles = new ArrayList<>(storeTroubles.values());
        troubles.addAll(watch.sentences());
        return troubles;
    }

    /** Objects that were given up and are visible all the same. */
    public int visibleVoids() {
        return watch.visible();
    }

    // --- commit ---

    /**
     * Appends a commit for every sealed range whose objects have all been seen, the oldest first.
     */
    public void commit() {
        recordDecisions();
        int skip = state.unsyncedCommits();
        for (RangePlan range : plan().ranges()) {
            if (skip-- > 0) {
                continue;
            }
            if (!range.sealed() || !range.allSeen()) {
                break;
            }
            long now = engine.world().clock().millis();
            List<String> said = StagedFiles.whatWasSaid(range, landed);
            if (!appends.appendUnsynced(new Commit(range.start(), range.seal().end(), now, said))) {
                return;
            }
        }
    }

    // --- room ---

    /** Whether staged bytes may be freed before their range commits. */
    public boolean mayFree() {
        return freeing.mayFree();
    }

    /**
     * Frees staged bytes of objects that have landed before their range commits.
     *
     * @param least bytes of files that make it worth a sync; 0 when any file does, an empty one too
     * @return whether anything was removed
     */
    public boolean freeLanded(long least) {
        try {
            return !stopped && freeing.free(least);
        } catch (IOException failed) {
            stateFailed(failed);
            return false;
        }
    }

    private void forget(RangePlan range) {
        range.objects().forEach(object -> landed.remove(object.id()));
        files.remove(range.objects());
        meter.committed(range);
    }

    /** The state could not be appended: what became void by that will be decided again. */
    private void stateFailed(IOException failed) {
        follow.accept(new Recorded.NotWritten(failed));
    }

    /** Recorded objects that have not been seen in the store. */
    public int waitingObjects() {
        return landing.size();
    }

    public long stateBytes() {
        return state.bytes();
    }

    /**
     * Nothing is recorded, landed or committed from now on.
     *
     * @param why told to whoever asks for something all the same
     */
    public void close(String why) {
        stopped = true;
        whyStopped = why;
        appends.close();
        watch.close();
        state.close();
    }
}
