package io.delivery.lane;

import io.delivery.engine.Engine;
import io.delivery.landing.Landings;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Doubt;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Upload;
import io.delivery.landing.LaneRecord.Void;
import io.delivery.landing.LaneState;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.lane.components.LaneComponents;
import io.delivery.partition.KeySalt;
import io.delivery.record.Incarnation;
import io.delivery.record.ObjectName;
import io.delivery.staging.Staging;
import io.delivery.world.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Record, land, commit: from staged bytes to a checkpoint. Everything it decides is in the lane's
 * state before anybody acts on it. Belongs to its lane's executor.
 */
final class Recorder implements Landings.Listener {
    private static final Logger log = LoggerFactory.getLogger(Recorder.class);

    private final Engine engine;
    private final Lane lane;
    private final Incarnation incarnation;
    private final LaneState state;
    private final Staging staging;
    private final Set<String> landing = new HashSet<>();
    private final Map<String, String> landed = new HashMap<>();
    private final Map<String, String> storeTroubles = new HashMap<>();
    private final List<Void> voids = new ArrayList<>();
    private final Set<RangePlan> rodeAlong = new LinkedHashSet<>();
    private boolean syncScheduled;

    Recorder(Engine engine, Lane lane, Incarnation incarnation, LaneState state, Staging staging) {
        this.engine = engine;
        this.lane = lane;
        this.incarnation = incarnation;
        this.state = state;
        this.staging = staging;
    }

    LanePlan plan() {
        return state.plan();
    }

    /** Everything below is settled, and that is durable: the log may forget it. */
    long durableCheckpoint() {
        return state.confirmed() ? plan().checkpoint() : 0;
    }

    // --- after a start ---

    /** Whether an earlier process left anything that must be finished or cleaned up. */
    boolean unfinished() throws IOException {
        return plan().ranges().iterator().hasNext() || !staging.files().isEmpty();
    }

    /**
     * Writes again what is believed, removes staged bytes that no record names, and lands every
     * object that is not committed.
     */
    void recover() throws IOException {
        state.own();
        Set<String> named = new HashSet<>();
        for (RangePlan range : plan().ranges()) {
            range.live().forEach(object -> named.add(object.staged().file()));
        }
        staging.deleteAllBut(named);
        for (RangePlan range : plan().ranges()) {
            for (ObjectRecord object : range.live()) {
                landAgain(object);
            }
        }
    }

    private void landAgain(ObjectRecord object) {
        ObjectStore store = engine.stores().store(object.store());
        if (store == null) {
            throw new IllegalStateException(
                    "stream %s: store %s is not configured, and %s still has to land there"
                            .formatted(lane.stream(), object.store(), object.name()));
        }
        Landings.Before before =
                plan().doubted(object)
                        ? Landings.Before.ANSWER_WAS_DOUBTED
                        : Landings.Before.SOMETHING_MAY_HAVE_BEEN_SENT;
        String upload = plan().uploadOf(object);
        if (upload == null) {
            land(object, before);
            return;
        }
        store.abort(object.name(), upload)
                .whenCompleteAsync((done, failure) -> land(object, before), lane.executor());
    }

    // --- record ---

    /** The lane was switched off, and everything it had to read is committed. */
    void end() throws IOException {
        staging.deleteAllBut(Set.of()); // nobody will look again
        append(List.of(new LaneRecord.End(plan().checkpoint())));
    }

    /** Writes again what is believed, before the first append of this process. */
    void own() throws IOException {
        state.own();
    }

    /**
     * Records the staged objects of a range, and its seal with the last of them: one append, one
     * sync. From here on their keys and bytes are fixed and they may become visible.
     *
     * @param seal null while the range stays open
     */
    void record(OpenRange range, Collection<StagedGroup> groups, SealTrigger seal)
            throws IOException {
        state.own();
        List<LaneRecord> records = new ArrayList<>();
        List<ObjectRecord> objects = new ArrayList<>();
        int number = range.nextNumber();
        for (StagedGroup group : groups) {
            for (StagedGroup.Member member : group.members()) {
                objects.add(objectRecord(range, number++, member));
            }
        }
        records.addAll(objects);
        if (seal != null) {
            records.add(seal(range, seal, objects));
        }
        if (records.isEmpty()) {
            return;
        }
        append(records);
        for (ObjectRecord object : objects) {
            range.recorded(object.kind(), object.records(), sizeOf(object));
        }
        // From here on the objects may be visible.
        objects.forEach(object -> land(object, Landings.Before.NOTHING_WAS_SENT));
    }

    /**
     * Records the objects that stand for void ones of a sealed range, and its second seal.
     *
     * @param range what was made for them
     */
    void recordRepair(OpenRange range, RangePlan broken) throws IOException {
        state.own();
        List<ObjectRecord> objects = new ArrayList<>();
        int number = range.nextNumber();
        for (StagedGroup group : range.staged()) {
            for (StagedGroup.Member member : group.members()) {
                objects.add(objectRecord(range, number++, member));
            }
        }
        List<LaneRecord> records = new ArrayList<>(objects);
        records.add(sealAgain(range, broken, objects));
        append(records);
        objects.forEach(object -> land(object, Landings.Before.NOTHING_WAS_SENT));
    }

    /** One append, one sync, of which earlier commits are part. */
    private void append(List<? extends LaneRecord> records) throws IOException {
        List<RangePlan> before = new ArrayList<>();
        plan().ranges().forEach(before::add);
        boolean commits = state.unsyncedCommits() > 0;
        state.append(records);
        if (commits) {
            rodeAlong.addAll(before);
        }
    }

    /** Forgets what was committed along with the last append. */
    void forgetCommitted() {
        if (!rodeAlong.isEmpty()) {
            List<RangePlan> before = new ArrayList<>(rodeAlong);
            rodeAlong.clear();
            forgetCommitted(before);
        }
    }

    private static long sizeOf(ObjectRecord object) {
        return 200L + object.name().key().length() + object.sequences().bytes();
    }

    private ObjectRecord objectRecord(OpenRange range, int number, StagedGroup.Member member) {
        LaneComponents components = range.components();
        KeySalt salt = new KeySalt(incarnation, state.salt(), lane.name(), range.start(), number);
        String key =
                components
                        .keys()
                        .key(
                                member.prefix(),
                                components.definitionVersion(),
                                member.oldestMillis(),
                                salt);
        String mark =
                "%s/%s/%d/%d/%016x"
                        .formatted(
                                incarnation.hex(),
                                lane.name(),
                                range.start(),
                                number,
                                state.salt());
        return new ObjectRecord(
                range.start(),
                number,
                member.kind(),
                components.definitionVersion(),
                range.splitter(),
                components.store(),
                new ObjectName(components.bucket(), key),
                new ObjectAttributes(mark, member.records(), member.contentEncoding()),
                member.bytes(),
                member.inputBytes(),
                member.sequences());
    }

    private static Seal seal(OpenRange range, SealTrigger trigger, List<ObjectRecord> objects) {
        long main = range.recordedMain();
        long error = range.recordedError();
        for (ObjectRecord object : objects) {
            if (object.kind().isError()) {
                error += object.records();
            } else {
                main += object.records();
            }
        }
        if (main + error + range.dropped() + range.damaged() != range.parts()) {
            throw new IllegalStateException(
                    "the books do not balance: range [%d,%d) has %d parts, of which %d in objects,"
                                    .formatted(
                                            range.start(), range.end(), range.parts(), main + error)
                            + " %d dropped, %d damaged"
                                    .formatted(range.dropped(), range.damaged()));
        }
        return new Seal(
                range.start(),
                range.end(),
                trigger.label(),
                range.nextNumber() + objects.size(),
                main,
                error,
                range.dropped(),
                range.damaged(),
                range.absent());
    }

    private static Seal sealAgain(OpenRange range, RangePlan broken, List<ObjectRecord> made) {
        long main = 0;
        long error = 0;
        List<ObjectRecord> all = new ArrayList<>(broken.live());
        all.addAll(made);
        for (ObjectRecord object : all) {
            if (object.kind().isError()) {
                error += object.records();
            } else {
                main += object.records();
            }
        }
        Seal before = broken.seal();
        long remade = main + error - broken.records();
        if (remade + range.dropped() + range.damaged() != range.parts()) {
            throw new IllegalStateException(
                    "the books do not balance: %d parts of range [%d,%d) were to be made again, of"
                                    .formatted(range.parts(), before.start(), before.end())
                            + " which %d are in objects, %d dropped, %d damaged"
                                    .formatted(remade, range.dropped(), range.damaged()));
        }
        return new Seal(
                before.start(),
                before.end(),
                SealTrigger.REPAIR.label(),
                broken.objects().size() + made.size(),
                main,
                error,
                before.dropped() + range.dropped(),
                before.damaged() + range.damaged(),
                before.absent());
    }

    // --- land ---

    private void land(ObjectRecord object, Landings.Before before) {
        if (lane.halted() || !landing.add(object.id())) {
            return;
        }
        engine.landings()
                .start(
                        new Landings.Task(
                                lane.stream(),
                                engine.stores().store(object.store()),
                                object,
                                staging.content(object.staged()),
                                before,
                                lane.executor(),
                                this));
    }

    @Override
    public void landed(ObjectRecord object, String said) {
        if (lane.halted() || !landing.remove(object.id())) {
            return;
        }
        landed.put(object.id(), said);
        plan().rangeAt(object.rangeStart()).objectSeen();
        log.info(
                "object landed: stream={} lane={} objectKey={} records={} bytes={}",
                lane.stream(),
                lane.name(),
                object.name(),
                object.records(),
                object.staged().length());
        lane.countLanded(object);
        commit();
    }

    @Override
    public void stranger(ObjectRecord object) {
        if (plan().doubted(object)) {
            lane.halt(
                    "%s/%s holds other bytes than were sent to it; nothing was overwritten. Find out"
                                    .formatted(object.store(), object.name())
                            + " what changes them (check --online tries the store), move the object"
                            + " away and start again");
            return;
        }
        lane.halt(
                "%s/%s is occupied by an object that is not ours; nothing was overwritten. Move it"
                                .formatted(object.store(), object.name())
                        + " away and start again");
    }

    @Override
    public void damaged(ObjectRecord object, String reason) {
        if (lane.halted() || !landing.remove(object.id())) {
            return;
        }
        log.error(
                "staged bytes damaged, the object's records are read again: stream={} lane={}"
                        + " objectKey={} reason={}",
                lane.stream(),
                lane.name(),
                object.name(),
                reason);
        voids.add(new Void(object.rangeStart(), object.number(), reason));
        recordVoids();
    }

    /** Records what became void, before any of it is read again. */
    private void recordVoids() {
        if (voids.isEmpty()) {
            return;
        }
        List<Void> recorded = List.copyOf(voids);
        try {
            append(recorded);
        } catch (IOException failed) {
            stateFailed(failed);
            return;
        }
        voids.clear();
        for (Void voided : recorded) {
            RangePlan range = plan().rangeAt(voided.rangeStart());
            ObjectRecord object = range.objects().get(voided.number());
            String upload = plan().uploadOf(object);
            if (upload != null) {
                engine.stores().store(object.store()).abort(object.name(), upload);
            }
        }
        lane.voided(recorded);
        forgetCommitted();
    }

    @Override
    public void doubt(ObjectRecord object, String said) {
        if (!lane.halted() && !plan().doubted(object)) {
            appendUnsynced(new Doubt(object.rangeStart(), object.number(), said));
        }
    }

    @Override
    public void uploadStarted(ObjectRecord object, String uploadId) {
        if (!lane.halted()) {
            appendUnsynced(new Upload(object.rangeStart(), object.number(), uploadId));
        }
    }

    @Override
    public void trouble(String bucket, String text) {
        if (text.isEmpty()) {
            storeTroubles.remove(bucket);
        } else {
            storeTroubles.put(bucket, text);
        }
        lane.publish();
    }

    Collection<String> storeTroubles() {
        return storeTroubles.values();
    }

    // --- commit ---

    /**
     * Appends a commit for every sealed range whose objects have all been seen, the oldest first.
     */
    void commit() {
        recordVoids();
        int skip = state.unsyncedCommits();
        for (RangePlan range : plan().ranges()) {
            if (skip-- > 0) {
                continue;
            }
            if (!range.sealed() || !range.allSeen()) {
                break;
            }
            List<String> said = new ArrayList<>();
            range.objects().forEach(object -> said.add(landed.getOrDefault(object.id(), "void")));
            Clock clock = engine.world().clock();
            if (!appendUnsynced(
                    new Commit(range.start(), range.seal().end(), clock.millis(), said))) {
                return;
            }
        }
    }

    private boolean appendUnsynced(LaneRecord record) {
        try {
            state.appendUnsynced(List.of(record));
        } catch (IOException failed) {
            stateFailed(failed);
            return false;
        }
        if (!syncScheduled) {
            // Behind everything that has landed by now: they share the sync.
            syncScheduled = true;
            lane.executor().execute(this::sync);
        }
        return true;
    }

    private void sync() {
        syncScheduled = false;
        if (lane.halted()) {
            return;
        }
        List<RangePlan> before = new ArrayList<>();
        plan().ranges().forEach(before::add);
        try {
            state.sync();
        } catch (IOException failed) {
            stateFailed(failed);
            return;
        }
        forgetCommitted(before);
    }

    /** After a sync that may have made commits durable: what they named may be forgotten. */
    private void forgetCommitted(List<RangePlan> before) {
        boolean any = false;
        for (RangePlan range : before) {
            if (range.sealed() && range.seal().end() <= plan().checkpoint()) {
                any = true;
                forget(range);
            }
        }
        if (any) {
            lane.committed();
        }
    }

    private void forget(RangePlan range) {
        Set<String> files = new HashSet<>();
        for (ObjectRecord object : range.objects()) {
            landed.remove(object.id());
            files.add(object.staged().file());
        }
        for (String file : files) {
            try {
                staging.delete(file);
            } catch (IOException failed) {
                // Found and removed at the next start.
                log.warn("staged file not deleted: lane={} file={}", lane.name(), file, failed);
            }
        }
        lane.countCommitted(range);
    }

    /** The state could not be appended: what became void by that will be decided again. */
    void stateFailed(IOException failed) {
        lane.retryLater("the lane's state could not be written: " + failed.getMessage());
    }

    /** Recorded objects that have not been seen in the store. */
    int waitingObjects() {
        return landing.size();
    }

    long stateBytes() {
        return state.bytes();
    }

    void close() {
        state.close();
    }
}
