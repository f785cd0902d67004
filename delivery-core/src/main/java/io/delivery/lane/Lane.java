package io.delivery.lane;

import io.delivery.buffer.SpoolFile;
import io.delivery.engine.DiskShares;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.landing.LaneState;
import io.delivery.lane.OpenRange.PartitionBuffer;
import io.delivery.lane.components.LaneComponents;
import io.delivery.log.Log;
import io.delivery.metrics.Metric;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.Incarnation;
import io.delivery.staging.LocalStaging;
import io.delivery.staging.Staging;
import io.delivery.world.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader of a stream's log: read, buffer, close, record, land, commit. Everything here runs on
 * the lane's own serial executor, in log order, and never waits for a store.
 *
 * <p>At most two ranges are unsealed: one that is read into and one whose last objects are being
 * encoded. A bounded number of sealed ranges may be landing.
 */
public final class Lane {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    private static final int MAX_UNSEALED_RANGES = 2; // design §5.1

    /** Less than this is forgotten with the next commit: a start costs an idle lane nothing. */
    private static final long FORGET_AT_START_BYTES = 1 << 20;

    /**
     * Lists of sequences stay in memory until their range is committed. A range is sealed when its
     * own may take this part of what is for blocks. While those of all lanes take twice as much, a
     * lane that has any of sealed ranges reads nothing: their commit is what gives memory back.
     */
    private static final int LISTS_OF_A_RANGE = 8;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Engine engine;
    private final LaneLimits limits;
    private final String stream;
    private final String name;
    private final Path directory;
    private final Log source;
    private final LogPosition position;
    private final DiskShares.Share share;
    private final LaneRoom room;
    private final Executor executor;
    private final Staging staging;
    private final Recorder recorder;
    private final BufferClosing closing;
    private final Runnable onCommit;
    private final Deque<OpenRange> unsealed = new ArrayDeque<>();
    private final Flushes flushes = new Flushes();
    private final TreeMap<Long, Long> landingSince = new TreeMap<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    private LaneComponents components;
    private Runnable onEnd = () -> {};
    private Replacement replacement;
    private Repair repair;
    private OpenRange armed;
    private long readSinceSpill;
    private boolean intervalDue;
    private Intake intake;
    private long spools;
    private long listBytes;
    private boolean pumpScheduled;
    private boolean begun;
    private boolean resumed;
    private boolean processing;
    private boolean retryScheduled;
    private boolean stopped;
    private String halted = "";
    private final Map<String, String> problems = new LinkedHashMap<>();
    private Scheduler.Cancellable intervalTimer = () -> {};
    private boolean firstRange = true;
    private volatile Snapshot snapshot;

    private record Replacement(LaneComponents next, CompletableFuture<Void> done) {}

    /** What others may see of the lane. */
    public record Snapshot(
            LaneStatus status,
            List<String> troubles,
            long checkpoint,
            long durableCheckpoint,
            long diskBytes) {}

    /**
     * Reads what the lane left behind; nothing is written yet.
     *
     * @param onCommit called on the lane's executor when its checkpoint has moved
     */
    public static Lane recover(
            Engine engine,
            String stream,
            String name,
            Path directory,
            Incarnation incarnation,
            LaneComponents components,
            DiskShares.Share share,
            Log source,
            LaneState state,
            Runnable onCommit)
            throws IOException {
        Staging staging =
                LocalStaging.open(
                        directory.resolve("staging"),
                        engine.world().disk(),
                        engine.world().entropy().nextLong());
        return new Lane(
                engine,
                stream,
                name,
                directory,
                incarnation,
                components,
                share,
                source,
                state,
                staging,
                onCommit);
    }

    private Lane(
            Engine engine,
            String stream,
            String name,
            Path directory,
            Incarnation incarnation,
            LaneComponents components,
            DiskShares.Share share,
            Log source,
            LaneState state,
            Staging staging,
            Runnable onCommit) {
        this.engine = engine;
        this.limits = engine.limits();
        this.stream = stream;
        this.name = name;
        this.directory = directory;
        this.components = components;
        this.share = share;
        this.room = new LaneRoom(share, engine.limits());
        this.source = source;
        this.staging = staging;
        this.onCommit = onCommit;
        Executor serial = engine.world().scheduler().serial(stream + "/" + name);
        this.executor = step -> serial.execute(() -> guarded(step));
        this.recorder = new Recorder(engine, this, incarnation, state, staging);
        this.closing = new BufferClosing(engine, this, staging);
        this.intake = newIntake();
        this.position = new LogPosition(source, state.plan().openStart());
        publish();
    }

    private Intake newIntake() {
        return new Intake(stream, components, engine.world().clock(), engine.metrics(), this);
    }

    // --- for its rooms ---

    /** Runs steps of the lane, one after the other. */
    Executor executor() {
        return executor;
    }

    /** A defect in a step must not go on with half of it done: the lane stops where it is. */
    void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error defect) {
            log.error("lane step failed: stream={} lane={}", stream, name, defect);
            halt("a defect of the program: " + defect);
        }
    }

    String stream() {
        return stream;
    }

    public String name() {
        return name;
    }

    boolean halted() {
        return stopped || !halted.isEmpty();
    }

    // --- start ---

    /** Finishes what an earlier process began, then reads on. */
    public void start() {
        source.onDurable(this::wake);
        executor.execute(this::begin);
    }

    private void begin() {
        if (halted()) {
            return;
        }
        try {
            if (!begun) {
                resume();
                begun = true; // what is read and staged from here on must not be begun anew
                resumed = true;
            }
            forgetWhatWasCommitted();
            problems.remove("start");
            pump();
            endWhenDrained();
        } catch (IOException failed) {
            problems.put("start", "recovery failed: " + failed.getMessage());
            log.warn("lane not recovered yet: stream={} lane={}", stream, name, failed);
            publish();
            engine.world().scheduler().after(RETRY, executor, this::begin);
        }
    }

    /** An earlier process may have died after a commit and before the log forgot. */
    private void forgetWhatWasCommitted() throws IOException {
        long checkpoint = recorder.plan().checkpoint();
        long committed =
                source.durableBytesFrom(source.begin()) - source.durableBytesFrom(checkpoint);
        if (committed > FORGET_AT_START_BYTES) {
            // What was believed at the start may not have been synced.
            recorder.own();
            publish();
            onCommit.run();
        }
    }

    private void resume() throws IOException {
        SpoolFile.deleteAll(directory.resolve("spool"), engine.world().disk());
        LanePlan plan = recorder.plan();
        if (recorder.unfinished() || position.durableEnd() > plan.openStart()) {
            recorder.recover();
        }
        resumeOpenRange();
        recorder.commit();
        repairNext();
    }

    /** What objects of the open range hold already is skipped when it is read again. */
    private void resumeOpenRange() {
        LanePlan.RangePlan open = recorder.plan().openRange();
        if (open == null) {
            return;
        }
        // Void objects count here: parts keep their names as long as the range has any.
        String splitter = open.objects().get(0).splitter();
        OpenRange range = openRange(open.start(), splitter);
        for (ObjectRecord object : open.objects()) {
            if (open.isVoid(object)) {
                range.voidedNumber();
            } else {
                range.recordedByEarlierProcess(
                        object.kind(), object.records(), 0, object.staged().length());
            }
        }
        intake.resume(new SettledParts(open.live(), open.objects()));
    }

    private OpenRange openRange(long start, String splitter) {
        OpenRange range = newRange(start, splitter);
        unsealed.addLast(range);
        return range;
    }

    private OpenRange newRange(long start, String splitter) {
        Path spool = directory.resolve("spool").resolve(start + "-" + spools++);
        return new OpenRange(
                start,
                splitter,
                components,
                engine.memory(),
                new SpoolFile(spool, engine.world().disk()));
    }

    // --- objects that became void ---

    /** The staged bytes of these were damaged: it is recorded that nobody will see them. */
    void voided(List<LaneRecord.Void> voids) {
        for (LaneRecord.Void voided : voids) {
            if (voided.rangeStart() == recorder.plan().openStart()) {
                readAgain();
                break;
            }
        }
        for (LaneRecord.Void voided : voids) {
            if (repair != null && repair.broken().start() == voided.rangeStart()) {
                abandonRepair();
            }
        }
        repairNext();
        publish();
        schedulePump();
    }

    /** Begins again with the open range, as after a start. */
    private void readAgain() {
        intervalTimer.cancel();
        intervalDue = false;
        firstRange = true;
        armed = null;
        for (OpenRange range : unsealed) {
            giveUp(range);
        }
        unsealed.clear();
        intake.abandon();
        intake = newIntake();
        processing = false;
        position.returnTo(recorder.plan().openStart());
        resumeOpenRange();
    }

    private void giveUp(OpenRange range) {
        range.giveUp();
        range.staged().forEach(closing::forget);
        abandon(range);
    }

    /** Begins to mend the oldest range that needs it. */
    private void repairNext() {
        if (repair != null) {
            return;
        }
        for (LanePlan.RangePlan range : recorder.plan().ranges()) {
            if (range.broken()) {
                OpenRange again = newRange(range.start(), range.objects().get(0).splitter());
                again.beginRepair(range.objects().size());
                Intake own = newIntake();
                repair = new Repair(engine, this, range, again, own, source, closing);
                log.warn(
                        "range repaired: stream={} lane={} start={} end={} voidObjects={}",
                        stream,
                        name,
                        range.start(),
                        range.seal().end(),
                        range.voidedSinceSeal().size());
                repair();
                return;
            }
        }
    }

    /** Goes on with the repair. */
    void repair() {
        if (repair == null || halted()) {
            return;
        }
        try {
            repair.step();
            problems.remove("repair");
            progress();
        } catch (IOException failed) {
            problems.put(
                    "repair", "a sealed range could not be read again: " + failed.getMessage());
            engine.world().scheduler().after(RETRY, executor, this::repair);
        }
        publish();
    }

    private void recordRepair() throws IOException {
        if (repair != null && repair.progress()) {
            Repair done = repair;
            recorder.recordRepair(done.range(), done.broken());
            repair = null; // durable: whatever fails from here on, it must not be recorded again
            done.range().clearStaged();
            closeSpool(done.range());
            problems.remove("spool");
            recorder.commit();
            repairNext();
        }
    }

    private void abandonRepair() {
        repair.abandon();
        giveUp(repair.range());
        repair = null;
    }

    // --- read ---

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            executor.execute(
                    () -> {
                        woken.set(false);
                        pump();
                    });
        }
    }

    private void schedulePump() {
        if (!pumpScheduled) {
            pumpScheduled = true;
            executor.execute(
                    () -> {
                        pumpScheduled = false;
                        pump();
                    });
        }
    }

    /** Reads as far as it may and seals what is due. */
    private void pump() {
        if (!resumed || halted()) {
            return;
        }
        noteWhatIsDue();
        if (processing) {
            return;
        }
        try {
            switchWhenSealed();
            // What an earlier process recorded of this range must be passed, room or not.
            boolean may = hasRoom() || !intake.maySealBehind(position.next() - 1);
            long budget = may ? limits.stepBytes() : 0;
            boolean more = budget > 0;
            long heldElsewhere = held() - heldByReading();
            while (budget > 0 && mayRead() && hasRoomBeside(heldElsewhere)) {
                DeliveryRecord record = position.read(this::passDamage, this::passAbsent);
                if (record == null) {
                    more = false;
                    break;
                }
                budget -= record.length() + 64;
                OpenRange range = current();
                take(range, record);
                if (intake.held() >= limits.processParts() || closing.full()) {
                    more = intake.held() == 0;
                    break;
                }
            }
            if (intake.held() > 0) {
                process();
            } else if (more && budget <= 0 && !closing.full()) {
                schedulePump();
            }
            intake.observe();
            noteWhatIsDue();
            sealWhenWanted();
        } catch (IOException failed) {
            log.warn("log not read: stream={} lane={}", stream, name, failed);
            position.close();
            retryLater("the log could not be read: " + failed.getMessage());
        }
        publish();
    }

    /** Asked for each record: whether there is a range for it. */
    private boolean mayRead() {
        OpenRange last = unsealed.peekLast();
        if (last == null || last.sealing()) {
            return unsealed.size() < MAX_UNSEALED_RANGES;
        }
        return last.wanted() == null || !intake.maySealBehind(last.end() - 1);
    }

    /** Asked for each step: whether what was read before has made enough progress. */
    private boolean hasRoom() {
        boolean idle = unsealed.isEmpty() && recorder.plan().oldestRange() == null;
        // Nothing that is under way could make room: then it is made by going on.
        return idle
                || sealedRanges() < limits.ranges()
                        && !closing.full()
                        && !outOfRoom()
                        && !listsHoldTheMemory()
                        && !closing.holdsTheMemory();
    }

    /** Asked for each record: whether what it may become fits beside what others hold. */
    private boolean hasRoomBeside(long heldElsewhere) {
        return room.left(heldElsewhere + heldByReading()) > 0
                || !intake.maySealBehind(position.next() - 1);
    }

    private long heldByReading() {
        OpenRange last = unsealed.peekLast();
        return last == null || last.sealing() ? 0 : last.roomHeld();
    }

    /** Disk room that the uncommitted ranges may take in the end. */
    private long held() {
        long sum = repair == null ? 0 : repair.range().roomHeld();
        for (OpenRange range : unsealed) {
            sum += range.roomHeld();
        }
        for (LanePlan.RangePlan range : recorder.plan().ranges()) {
            if (range.sealed()) {
                sum += range.stagedBytes();
            }
        }
        return sum;
    }

    private int sealedRanges() {
        int sealed = 0;
        for (LanePlan.RangePlan range : recorder.plan().ranges()) {
            if (range.sealed()) {
                sealed++;
            }
        }
        return sealed;
    }

    /** Whether what was read may take all the disk room of this lane until it has landed. */
    private boolean outOfRoom() {
        return room.left(held()) <= 0;
    }

    private boolean listsHoldTheMemory() {
        return engine.memory().heldBytes() > engine.memory().limitBytes() / LISTS_OF_A_RANGE * 2
                && recorder.plan().sealedSequenceBytes() > 0;
    }

    private void passDamage(long upTo) {
        OpenRange range = current();
        arm(range, engine.world().clock().millis());
        long lost = intake.passDamage(range, position.next(), upTo);
        log.error(
                "records lost to damage: stream={} lane={} from={} to={} lost={}",
                stream,
                name,
                position.next(),
                upTo,
                lost);
    }

    /**
     * Sequences that no record has belong to a range, so that they are committed. They alone fill
     * no object: the first record of the range begins its interval anew.
     */
    private void passAbsent(long upTo) {
        OpenRange range = current();
        if (range.empty()) {
            setIntervalTimer(interval());
        }
        intake.passAbsent(range, position.next(), upTo);
    }

    /** The range that is read into; a new one begins with the first sequence behind a seal. */
    private OpenRange current() {
        OpenRange last = unsealed.peekLast();
        if (last == null || last.sealing()) {
            last = openRange(position.next(), components.splitter());
        }
        return last;
    }

    private void take(OpenRange range, DeliveryRecord record) {
        arm(range, record.arrivalMillis());
        intake.take(range, position.next(), record);
        position.advance();
        readSinceSpill += record.length();
        if (readSinceSpill >= limits.spillEveryBytes() && engine.memory().exceeded()) {
            readSinceSpill = 0;
            spill();
        }
        if (range.inputBytes() >= share.recentBytes() / 4) {
            range.want(SealTrigger.DISK_SHARE);
        }
        if (range.recordedBytes() >= limits.stateBytesOfRange()
                || range.recordedBytes() + range.expectedListBytes()
                        > engine.memory().limitBytes() / LISTS_OF_A_RANGE) {
            range.want(SealTrigger.STATE);
        }
    }

    /** The first record of a range starts its interval. */
    private void arm(OpenRange range, long arrivalMillis) {
        if (armed != range) {
            armed = range;
            if (behind() || late(arrivalMillis)) {
                range.beginCatchingUp();
            }
            armInterval(arrivalMillis);
        }
    }

    private void process() {
        processing = true;
        Intake asked = intake;
        asked.process(current())
                .whenCompleteAsync(
                        (done, failure) -> guarded(() -> processed(asked, failure)), executor);
    }

    private void processed(Intake asked, Throwable failure) {
        if (asked != intake) {
            return; // its range is read again
        }
        processing = false;
        if (failure != null) {
            log.error("processing failed: stream={} lane={}", stream, name, failure);
            halt("processing failed: " + failure.getMessage());
        } else {
            pump();
        }
    }

    private void spill() {
        try {
            for (OpenRange range : unsealed) {
                range.spill();
            }
            problems.remove("spill");
        } catch (IOException failed) {
            // The blocks stay where they are; the range is sealed and its memory comes back.
            problems.put("spill", "buffers could not be spilled: " + failed.getMessage());
            log.warn("spill failed: stream={} lane={}", stream, name, failed);
            current().want(SealTrigger.DISK_SHARE);
        }
    }

    // --- called by the intake ---

    /** A record was added to this buffer: closes it when it is full. */
    void added(OpenRange range, PartitionBuffer buffer) {
        if (buffer.records().recordBytes() < sizeHint()) {
            return;
        }
        if (!range.repairing() && !components.partitioned() && !buffer.kind().isError()) {
            range.want(SealTrigger.SIZE);
        } else if (!range.sealing()) {
            range.take(buffer);
            closing.close(range, List.of(buffer));
        }
    }

    private long sizeHint() {
        return components.hints().sizeInMBs() * limits.hintUnitBytes();
    }

    /**
     * The limit of active partitions is reached. In a range that catches up, the fullest buffers
     * are closed to make room: it takes in one go what would have been many ranges, and an outage
     * never turns good records into errors.
     */
    boolean makeRoom(OpenRange range) {
        if (behind()) {
            range.beginCatchingUp();
        }
        if (!range.catchingUp()) {
            return false;
        }
        closing.closeGrouped(range, range.takeFullest());
        return true;
    }

    /** Whether at least one size hint of durable bytes is unread. */
    private boolean behind() {
        return position.unreadBytes() >= sizeHint();
    }

    /** Whether this record should have been in an object by now. */
    private boolean late(long arrivalMillis) {
        long age = engine.world().clock().millis() - arrivalMillis;
        long interval = interval().toMillis();
        return interval > 0 && age >= interval;
    }

    // --- seal ---

    private void armInterval(long oldestMillis) {
        long interval = interval().toMillis();
        long passed = 0;
        if (firstRange) {
            // A restart continues the interval, by the wall clock as far as it makes sense.
            firstRange = false;
            long age = engine.world().clock().millis() - oldestMillis;
            passed = Math.max(0, Math.min(interval, age));
        }
        setIntervalTimer(Duration.ofMillis(interval - passed));
    }

    private Duration interval() {
        return Duration.ofSeconds(components.hints().intervalInSeconds());
    }

    private void setIntervalTimer(Duration left) {
        intervalTimer.cancel();
        intervalTimer = engine.world().scheduler().after(left, executor, this::intervalOver);
        intervalDue = false;
    }

    private void intervalOver() {
        intervalDue = true;
        pump();
    }

    /**
     * Notes every reason to seal the range that is read into; nothing more is read into it then.
     */
    private void noteWhatIsDue() {
        OpenRange range = unsealed.peekLast();
        if (range == null || range.sealing() || range.empty()) {
            return;
        }
        if (intervalDue && !behind()) {
            range.want(SealTrigger.INTERVAL);
        }
        if (closing.groups() == 0 && outOfRoom()) {
            range.want(SealTrigger.DISK_SHARE);
        }
        if (replacement != null) {
            range.want(SealTrigger.DEFINITION);
        }
        if (position.atItsEnd()) {
            range.want(SealTrigger.END);
        }
        if (flushes.wantSealed(range.start(), position.next())) {
            range.want(SealTrigger.FLUSH);
        }
    }

    private void sealWhenWanted() {
        OpenRange range = unsealed.peekLast();
        if (range != null
                && !range.sealing()
                && !processing
                && range.wanted() != null
                && intake.maySealBehind(range.end() - 1)) {
            seal(range);
        }
    }

    /** Closes every buffer of the range; it is sealed when the last of them is staged. */
    private void seal(OpenRange range) {
        intervalTimer.cancel();
        intervalDue = false;
        range.startSealing();
        closing.closeGrouped(range, range.takePartitions());
        progress();
        schedulePump();
    }

    // --- encode and record ---

    // Called by the closing of buffers.

    void encodingFailed(Throwable failed) {
        problems.put("encode", "objects could not be encoded or staged: " + failed.getMessage());
        publish();
    }

    /** Objects are staged; what did not convert joins the error output. */
    void encoded(OpenRange range, GroupEncoder.Result result) {
        problems.remove("encode");
        if (result.staged().records() > 0) {
            range.addStaged(result.staged());
        }
        try {
            for (GroupEncoder.Rejects rejects : result.rejects()) {
                rejects.forEach((record, failure) -> intake.fail(range, record, failure));
            }
        } catch (IOException failed) {
            spoolLost(range, failed);
        }
    }

    /**
     * Spilled records of this range are not what they were: the log has them still. After a while,
     * for the disk may go on failing.
     */
    void spoolLost(OpenRange range, IOException lost) {
        log.error("spilled records lost, reading again: stream={} lane={}", stream, name, lost);
        problems.put("spool", "spilled records were lost and are read again: " + lost.getMessage());
        if (range.repairing()) {
            abandonRepair();
        } else {
            resumed = false;
            readAgain();
        }
        engine.world().scheduler().after(RETRY, executor, this::readOn);
        publish();
    }

    private void readOn() {
        if (!halted()) {
            resumed = true;
            repairNext();
            pump();
        }
    }

    /** The buffers of a group are free again. */
    void encodingEnded() {
        progress();
        if (repair != null) {
            repair();
        }
        schedulePump();
    }

    /** Gives back what a range holds that will be read again. */
    void abandon(OpenRange range) {
        if (range.encoding() == 0) {
            try {
                range.abandon();
            } catch (IOException failed) {
                // Leftover spools are removed at the next start.
                log.debug("spool not removed: lane={}", name, failed);
            }
        }
    }

    /** Records what is staged, range by range, and seals what is complete. */
    private void progress() {
        if (halted()) {
            return;
        }
        try {
            while (!unsealed.isEmpty()) {
                OpenRange range = unsealed.peekFirst();
                closeErrors(range);
                if (range.fullyStaged()) {
                    recorder.record(range, range.staged(), range.wanted());
                    sealed(range);
                } else {
                    if (!range.staged().isEmpty()) {
                        recorder.record(range, range.staged(), null);
                        range.clearStaged();
                    }
                    // Appends keep range order: the next range waits for this one's seal.
                    break;
                }
            }
            recordRepair();
            recorder.forgetCommitted();
        } catch (IOException failed) {
            recorder.stateFailed(failed);
        }
        publish();
    }

    /** The error output closes last: what did not convert has joined it by now. */
    private void closeErrors(OpenRange range) {
        if (range.sealing() && range.encoding() == 0) {
            List<PartitionBuffer> errors = range.takeErrors();
            if (!errors.isEmpty()) {
                closing.close(range, errors);
            }
        }
    }

    private void closeSpool(OpenRange range) {
        try {
            range.closeSpool();
        } catch (IOException failed) {
            // Leftover spools are removed at the next start.
            log.debug("spool not removed: lane={}", name, failed);
        }
    }

    private void sealed(OpenRange range) {
        unsealed.removeFirst();
        problems.remove("spool");
        problems.remove("spill"); // what could not be spilled is not in memory any more
        range.clearStaged();
        landingSince.put(range.end(), range.oldestMillis());
        closeSpool(range);
        log.info(
                "range sealed: stream={} lane={} start={} end={} trigger={} objects={}",
                stream,
                name,
                range.start(),
                range.end(),
                range.wanted().label(),
                range.nextNumber());
        engine.metrics().add(Metric.SEALS, stream, range.wanted().label(), 1);
        recorder.commit();
        answerFlushes();
    }

    // --- landed and committed ---

    void countLanded(ObjectRecord object) {
        boolean backup = object.kind() == LaneRecord.Kind.BACKUP;
        engine.metrics()
                .add(backup ? Metric.BACKUP_LANDED_OBJECTS : Metric.LANDED_OBJECTS, stream, 1);
        engine.metrics()
                .add(
                        backup ? Metric.BACKUP_LANDED_BYTES : Metric.LANDED_BYTES,
                        stream,
                        object.staged().length());
    }

    void countCommitted(LanePlan.RangePlan range) {
        long main = 0;
        for (ObjectRecord object : range.live()) {
            if (object.kind().isError()) {
                engine.metrics()
                        .add(
                                Metric.ERROR_OUTPUT_RECORDS,
                                stream,
                                Failure.Kind.valueOf(object.kind().name()).errorOutputType(),
                                object.records());
            } else {
                main += object.records();
            }
        }
        if (components.kind() == LaneRecord.Kind.BACKUP) {
            engine.metrics().add(Metric.BACKUP_LANDED_RECORDS, stream, main);
            return;
        }
        LaneRecord.Seal seal = range.seal();
        engine.metrics().add(Metric.LANDED_RECORDS, stream, main);
        engine.metrics().add(Metric.DROPPED_RECORDS, stream, seal.dropped());
        engine.metrics().add(Metric.DAMAGED_RECORDS, stream, seal.damaged());
        engine.metrics().add(Metric.SPLIT_RECORDS, stream, seal.parts() - seal.sequences());
    }

    void committed() {
        landingSince.headMap(recorder.plan().checkpoint(), true).clear();
        // First: whoever waits for a flush looks at the books next.
        publish();
        answerFlushes();
        onCommit.run();
        schedulePump();
        endWhenDrained();
    }

    /** Every sequence below is settled, and that is durable. Any thread. */
    public long durableCheckpoint() {
        return snapshot.durableCheckpoint();
    }

    // --- the end ---

    /**
     * Reads what is below this sequence, lands it, and ends. Any thread.
     *
     * @param drained called on the lane's executor when its end is durable
     */
    public void endAt(long sequence, Runnable drained) {
        position.endAt(sequence); // before anything that is accepted from now on can be read
        executor.execute(
                () -> {
                    onEnd = drained;
                    pump();
                    endWhenDrained();
                });
    }

    private void endWhenDrained() {
        if (halted() || !resumed || !position.atItsEnd()) {
            return;
        }
        LanePlan plan = recorder.plan();
        // A lane that never had anything to read leaves nothing on the disk, not even its end.
        boolean untouched = plan.begin() == position.next();
        if (!untouched && !plan.isSettledUpTo(position.next())) {
            return;
        }
        try {
            if (plan.ended()) {
                recorder.own(); // the end that a dead process wrote may not have been synced
            } else if (!untouched) {
                recorder.end();
            }
        } catch (IOException failed) {
            recorder.stateFailed(failed);
            return;
        }
        log.info("lane ended: stream={} lane={} end={}", stream, name, plan.checkpoint());
        Runnable drained = onEnd;
        onEnd = () -> {};
        drained.run();
    }

    // --- from outside ---

    /** Seals and lands everything accepted by now; completes when it is committed. Any thread. */
    public CompletionStage<Void> flush() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        executor.execute(
                () -> {
                    if (halted()) {
                        done.completeExceptionally(
                                new IllegalStateException(
                                        "stream %s, lane %s is stopped: %s"
                                                .formatted(stream, name, halted)));
                        return;
                    }
                    flushes.add(position.durableEnd(), done);
                    answerFlushes();
                    pump();
                });
        return done;
    }

    private void answerFlushes() {
        flushes.committed(snapshot.checkpoint()); // whoever is answered sees it in the status
    }

    /** Changes to another version at the lane's present position. Any thread. */
    public CompletionStage<Void> replace(LaneComponents next) {
        Replacement asked = new Replacement(next, new CompletableFuture<>());
        executor.execute(
                () -> {
                    if (halted()) {
                        refuse(asked);
                        return;
                    }
                    if (replacement != null) {
                        // The newest definition wins; whoever asked for an older one has it too.
                        CompletableFuture<Void> older = replacement.done();
                        asked.done().thenRun(() -> older.complete(null));
                    }
                    replacement = asked;
                    pump();
                });
        return asked.done();
    }

    private void refuse(Replacement asked) {
        asked.done()
                .completeExceptionally(
                        new IllegalStateException(
                                "lane %s of stream %s has stopped".formatted(name, stream)));
    }

    /** Between two ranges the next definition takes its place. */
    private void switchWhenSealed() {
        OpenRange last = unsealed.peekLast();
        if (replacement != null && (last == null || last.sealing())) {
            components = replacement.next();
            intake = newIntake();
            replacement.done().complete(null);
            replacement = null;
        }
    }

    /** Stops at once; what is not recorded will be read again. Any thread. */
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        executor.execute(
                () -> {
                    stopped = true;
                    release();
                    holdLists(0);
                    done.complete(null);
                });
        return done;
    }

    private void release() {
        intervalTimer.cancel();
        unsealed.forEach(this::abandon);
        unsealed.clear();
        intake.abandon();
        if (repair != null) {
            abandonRepair();
        }
        position.returnTo(recorder.plan().openStart());
        if (replacement != null) {
            refuse(replacement);
            replacement = null;
        }
        recorder.close();
        flushes.refuse("stream " + stream + " has stopped");
    }

    /** The lane cannot go on. Nothing is deleted; an operator must look. */
    void halt(String reason) {
        if (halted.isEmpty()) {
            halted = reason;
            log.error("stream stopped: stream={} lane={} reason={}", stream, name, reason);
            release();
            publish();
        }
    }

    /** Something of ours failed that may succeed later. */
    void retryLater(String reason) {
        problems.put("retry", reason);
        log.warn("retrying: stream={} lane={} reason={}", stream, name, reason);
        publish();
        if (retryScheduled) {
            return;
        }
        retryScheduled = true;
        engine.world()
                .scheduler()
                .after(
                        RETRY,
                        executor,
                        () -> {
                            retryScheduled = false;
                            if (!halted()) {
                                problems.remove("retry");
                                progress();
                                recorder.commit();
                                pump();
                                endWhenDrained();
                            }
                        });
    }

    // --- what is seen of it ---

    /** As of the last step. Any thread. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** Lets others see the lane as it is now. */
    void publish() {
        LanePlan plan = recorder.plan();
        holdLists(stopped ? 0 : plan.sequenceBytes());
        List<String> troubles = new ArrayList<>(recorder.storeTroubles());
        troubles.addAll(problems.values());
        if (!halted.isEmpty()) {
            troubles.add(halted);
        }
        int active = 0;
        long memory = 0;
        long spool = 0;
        long oldest = landingSince.isEmpty() ? 0 : landingSince.firstEntry().getValue();
        for (OpenRange range : unsealed) {
            active += range.activePartitions();
            memory += range.memoryBytes();
            spool += range.spoolBytes();
            if (oldest == 0 && !range.empty()) {
                oldest = range.oldestMillis();
            }
        }
        snapshot =
                new Snapshot(
                        new LaneStatus(
                                name,
                                books(plan),
                                active,
                                memory,
                                spool,
                                staging.bytes(),
                                recorder.waitingObjects(),
                                oldest),
                        troubles,
                        plan.checkpoint(),
                        recorder.durableCheckpoint(),
                        Math.max(staging.bytes() + spool, held()) + recorder.stateBytes());
    }

    private void holdLists(long bytes) {
        engine.memory().hold(bytes - listBytes);
        listBytes = bytes;
    }

    /** Every term counted where it happens; none is the difference of the others. */
    private Books books(LanePlan plan) {
        long durable = Math.max(position.durableEnd(), position.next());
        Totals totals = plan.totals();
        long split = totals.split();
        long buffered = durable - position.next(); // those without a record as well, until read
        long absent = totals.absent();
        for (LanePlan.RangePlan range : plan.ranges()) {
            if (range.sealed()) {
                split += range.seal().parts() - range.seal().sequences();
                absent += range.seal().absent();
                buffered += range.seal().parts();
            }
        }
        for (OpenRange range : unsealed) {
            split += range.parts() - range.sequences();
            absent += range.absent();
            buffered += range.counted();
        }
        buffered += intake.withProcessors();
        return new Books(
                durable - plan.begin() - absent,
                split,
                totals.main(),
                totals.dropped(),
                totals.error(),
                totals.damaged(),
                0,
                buffered);
    }
}
