package io.delivery.lane;

import io.delivery.engine.Engine;
import io.delivery.failure.FailureText;
import io.delivery.landing.Diversion;
import io.delivery.landing.Diverted;
import io.delivery.landing.LaneRecord;
import io.delivery.lane.Troubles.Cause;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.encode.ClosedBuffers;
import io.delivery.lane.encode.Encoded;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.record.LaneMeter;
import io.delivery.lane.record.Recorded;
import io.delivery.lane.record.Recorder;
import io.delivery.staging.Staging;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a lane and their order. It has records read into a range ({@link Filling}), closes
 * the range's buffers when it is due, has them encoded and staged ({@link ClosedBuffers}), and has
 * what is staged recorded, landed and committed ({@link Recorder}); objects that became void are
 * made again ({@link Repairs}). Belongs to its lane's executor.
 */
final class LaneSteps {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Engine engine;
    private final LaneName name;
    private final Executor executor;
    private final LogPosition position;
    private final OpenRanges ranges;
    private final Allowance allowance;
    private final Filling filling;
    private final ClosedBuffers closed;
    private final Encoding encoding;
    private final Recorder recorder;
    private final LaneMeter meter;
    private final LaneView view;
    private final Troubles troubles;
    private final Flushes flushes = new Flushes();
    private final Runnable onCommit;
    private final Coalesced pumping;
    private final Coalesced progressing;
    private final Coalesced retrying;
    private final Recording recording;
    private final Repairs repairs;
    private final Recovery recovery;
    private final Definitions definitions;
    private final LaneRelease release;

    private Phase phase = Phase.RECOVERING;
    private String haltReason = "";
    private Runnable onEnd = () -> {};

    /**
     * @param onCommit called when the checkpoint has moved
     */
    LaneSteps(
            Engine engine,
            LanePlace place,
            LaneComponents components,
            Staging staging,
            Runnable onCommit) {
        this.engine = engine;
        this.name = place.name();
        this.onCommit = onCommit;
        this.troubles = new Troubles(name, engine.world().clock()::nanoTime);
        Executor serial = engine.world().scheduler().serial(name.stream() + "/" + name.lane());
        this.executor = step -> serial.execute(() -> guarded(step));
        this.pumping = new Coalesced(executor, this::pump);
        this.progressing = new Coalesced(executor, this::progress);
        this.retrying = new Coalesced(this::later, this::retry);
        this.position = new LogPosition(place.source(), place.state().plan().openStart());
        this.ranges = new OpenRanges(engine, place);
        this.closed =
                new ClosedBuffers(engine, name, staging, place.share(), executor, this::encoded);
        this.meter = new LaneMeter(engine.metrics(), name.stream(), components.kind());
        this.recorder =
                new Recorder(engine, name, place.state(), staging, meter, executor, this::recorded);
        this.recording = new Recording(closed, recorder);
        this.allowance = new Allowance(engine, place.share(), ranges, recorder, closed);
        ReadingFactory readings = new ReadingFactory(engine, executor, closed);
        this.filling =
                new Filling(readings, name, position, ranges, allowance, troubles, this::pump);
        filling.use(components);
        this.definitions = new Definitions(components, place);
        this.encoding = new Encoding(filling, closed, allowance, recorder, definitions, troubles);
        this.recovery = new Recovery(place.source(), position, ranges, filling, recorder);
        Repairs.Around around = new Repairs.Around(executor, this::later, this::progress);
        this.repairs = new Repairs(place, ranges, filling, recorder, recording, troubles, around);
        this.release =
                new LaneRelease(
                        closed, encoding, ranges, filling, repairs, definitions, recorder, flushes);
        this.view = new LaneView(engine.memory(), name, recorder, position, ranges, staging);
        publish();
    }

    private void later(Runnable step) {
        engine.world().scheduler().after(RETRY, executor, step);
    }

    /** A defect in a step must not go on with half of it done: the lane stops where it is. */
    private void guarded(Runnable step) {
        view.stepBegins(engine.world().clock().millis());
        try {
            step.run();
        } catch (RuntimeException | Error defect) {
            log.error("lane step failed: {}", name, defect);
            halt(FailureText.ofDefect(defect));
        } finally {
            view.stepEnded();
        }
    }

    /** Whether it neither reads nor records any more. */
    private boolean isOver() {
        return phase == Phase.HALTED || phase == Phase.STOPPED;
    }

    // --- recover ---

    /** Has every step run here. */
    Executor executor() {
        return executor;
    }

    void start() {
        definitions.open();
        recover();
    }

    /** Something new can be read. Any thread. */
    void wake() {
        pumping.schedule();
    }

    private void recover() {
        if (isOver()) {
            return;
        }
        try {
            if (phase == Phase.RECOVERING) {
                recovery.takeOver();
                repairs.beginNext(definitions.inForce());
                phase = Phase.READING; // what is read and staged from here on is not begun anew
            }
            if (recovery.ownWhatWasCommitted()) {
                publish();
                answerFlushes();
                onCommit.run();
            }
            troubles.clear(Cause.RECOVERY);
            pump();
            endWhenDrained();
        } catch (IOException failed) {
            troubles.put(Cause.RECOVERY, "recovery failed: " + FailureText.of(failed));
            publish();
            later(this::recover);
        }
    }

    // --- read and seal ---

    /** Settles what was answered, reads as far as it may, and closes what is due. */
    private void pump() {
        if (phase != Phase.READING) {
            return;
        }
        try {
            filling.settleAnswered();
            filling.noteWhatIsDue(definitions.changes(), flushes);
            switchWhenSealed();
            if (filling.readOn()) {
                pumping.schedule();
            }
            meter.keys(filling.takeKeyNanos());
            filling.noteWhatIsDue(definitions.changes(), flushes);
            if (filling.closeWhenDue()) {
                progress();
                pumping.schedule();
            }
            encodeOn();
            if (filling.readsOnWithoutRoom()) {
                pumping.schedule();
            }
        } catch (IOException failed) {
            position.close();
            retryLater("the log could not be read: " + FailureText.of(failed));
        }
        publish();
    }

    // --- encode ---

    private void encoded(Encoded answer) {
        try {
            if (encoding.take(answer)) {
                encodingEnded();
            }
            publish();
        } catch (ConversionFailures.LostException lost) {
            readAgain(lost);
        }
    }

    /** An attempt to encode has ended, so memory and an encoder may be free again. */
    private void encodingEnded() {
        progress();
        repairs.goOn();
        closeUnused();
        pumping.schedule();
    }

    /**
     * What was read into this range is of no use: spilled records were lost or changed on the disk,
     * or their definition was. They are read from the log again after a pause, because the disk may
     * go on failing.
     */
    private void readAgain(ConversionFailures.LostException lost) {
        if (isOver()) {
            return; // nothing is read any more
        }
        troubles.put(lost.trouble(), lost.getMessage());
        if (lost.range().repairing()) {
            repairs.abandon();
            closeUnused();
        }
        // A definition that waits is in force before the next repair begins.
        if (!lost.range().repairing() || definitions.changes()) {
            phase = Phase.PAUSED;
            recovery.readAgain(recording, this::switchWhenSealed);
        }
        later(this::goOn);
        publish();
    }

    private void goOn() {
        if (!isOver()) {
            phase = phase == Phase.PAUSED ? Phase.READING : phase;
            repairs.beginNext(definitions.inForce());
            pump();
        }
    }

    /** Has everything encoded that there is room for. */
    private void encodeOn() {
        try {
            if (!isOver() && encoding.goOn()) {
                progressing.schedule();
            }
        } catch (ConversionFailures.LostException lost) {
            readAgain(lost);
        }
    }

    // --- record ---

    /** Records what is staged, range by range, and seals what is complete. */
    private void progress() {
        if (isOver()) {
            return;
        }
        try {
            // Appends keep range order: the next range waits for the seal of the one before.
            while (!ranges.isEmpty() && recording.recordStaged(ranges.oldest())) {
                sealed(ranges.oldest());
            }
            recordRepair();
            recorder.forgetCommitted();
        } catch (IOException failed) {
            notWritten(failed);
        }
        encodeOn();
        publish();
    }

    private void sealed(OpenRange range) {
        ranges.removeOldest();
        closeUnused();
        troubles.clear(Cause.SPOOL, Cause.SPILL, Cause.ENCODING); // of a range without objects too
        view.sealed(range);
        recorder.commit();
        answerFlushes();
    }

    private void recorded(Recorded what) {
        if (what instanceof Recorded.Committed) {
            committed();
        } else if (what instanceof Recorded.Landed) {
            roomWasMade();
        } else if (what instanceof Recorded.Voided voided) {
            voided(voided.objects());
        } else if (what instanceof Recorded.KeyRefused refused) {
            recorder.skip(refused, definitions::folders);
        } else if (what instanceof Recorded.NotWritten failed) {
            notWritten(failed.reason());
        } else if (what instanceof Recorded.Occupied occupied) {
            halt(occupied.reason());
        } else if (what instanceof Recorded.TroubleChanged) {
            publish();
        } else {
            throw new IllegalStateException("a step that is not known: " + what);
        }
    }

    private void committed() {
        view.committed();
        if (ranges.isEmpty()) {
            filling.rest();
        }
        publish(); // before flushes are answered: who waited for one looks at the books next
        answerFlushes();
        onCommit.run();
        pumping.schedule();
        endWhenDrained();
    }

    /** Something has landed: what waits for room may go on. */
    private void roomWasMade() {
        if (encoding.waits() || allowance.outOfRoom()) {
            progress();
            pumping.schedule();
        }
    }

    private void notWritten(IOException failed) {
        retryLater("the lane's state could not be written: " + FailureText.of(failed));
    }

    /** A write or a read of this process failed, and may succeed later. */
    private void retryLater(String reason) {
        troubles.put(Cause.RETRY, reason);
        publish();
        retrying.schedule();
    }

    private void retry() {
        if (!isOver()) {
            troubles.clear(Cause.RETRY);
            progress();
            recorder.commit();
            pump();
            endWhenDrained();
        }
    }

    // --- objects that became void ---

    /** Void objects are recorded as void: their records are read again. */
    private void voided(List<LaneRecord.GivenUp> objects) {
        long open = recorder.plan().openStart();
        if (objects.stream().anyMatch(object -> object.rangeStart() == open)) {
            recovery.readAgain(recording, this::switchWhenSealed);
        }
        if (objects.stream().anyMatch(object -> repairs.isOf(object.rangeStart()))) {
            repairs.abandon();
        }
        closeUnused();
        repairs.beginNext(definitions.inForce());
        publish();
        pumping.schedule();
    }

    private void recordRepair() throws IOException {
        if (repairs.record()) {
            troubles.clear(Cause.SPOOL, Cause.ENCODING);
            closeUnused();
            recorder.commit();
            repairs.beginNext(definitions.inForce());
        }
    }

    // --- asked from outside ---

    void flush(CompletableFuture<Void> done) {
        flushes.add(position.durableEnd(), done);
        answerFlushes();
        pump();
    }

    private void answerFlushes() {
        // Only what the status shows is answered: who is answered finds it there.
        flushes.committed(view.snapshot(engine.world().clock().millis()).checkpoint());
    }

    /** Leads objects that do not land elsewhere. */
    void divert(Diversion diversion, CompletableFuture<List<Diverted>> done) {
        recorder.divert(diversion, done);
    }

    /** The names of the stores in which objects have to land. */
    Set<String> storesToLandIn() {
        return recorder.storesToLandIn();
    }

    void replace(LaneComponents next, CompletableFuture<Void> done) {
        if (isOver()) {
            Definitions.refuse(next, done, name + " has stopped");
            return;
        }
        definitions.change(next, done);
        pump();
    }

    /** Puts the definition that waits into force, between two ranges. */
    private void switchWhenSealed() {
        if (definitions.changes() && ranges.reading() == null) {
            definitions.takeEffect();
            filling.use(definitions.inForce());
            closeUnused();
        }
    }

    private void closeUnused() {
        definitions.closeUnless(
                it -> closed.use(it) || repairs.use(it) || !isOver() && ranges.use(it));
    }

    /** Nothing from this sequence on is read. Any thread. */
    void endBefore(long sequence) {
        position.endAt(sequence);
    }

    /** Calls back when everything is read and committed, and that is durable. */
    void whenDrained(Runnable drained) {
        if (phase == Phase.ENDED) {
            drained.run(); // the lane has ended before anybody asked
            return;
        }
        onEnd = drained;
        pump();
        endWhenDrained();
    }

    private void endWhenDrained() {
        if (phase != Phase.READING) {
            return;
        }
        try {
            if (recovery.endWhenDrained()) {
                phase = Phase.ENDED;
                publish();
                flushes.ended();
                log.info("lane ended: {} end={}", name, recorder.plan().checkpoint());
                onEnd.run();
            }
        } catch (IOException failed) {
            notWritten(failed);
        }
    }

    void stop() {
        phase = Phase.STOPPED;
        release.run(name, haltReason, view::close);
    }

    /**
     * The lane cannot go on. Nothing is deleted; an operator must look. One that has stopped has
     * given back everything, and there is nothing to tell of it.
     */
    private void halt(String reason) {
        if (haltReason.isEmpty() && phase != Phase.STOPPED) {
            haltReason = reason;
            troubles.put(Cause.HALTED, reason);
            phase = Phase.HALTED;
            log.error("stream stopped: {} error={}", name, reason);
            release.run(name, reason, this::publish);
        }
    }

    // --- what is seen of it ---

    /** As of the last step. Any thread. */
    LaneSnapshot snapshot() {
        return view.snapshot(engine.world().clock().millis());
    }

    /** Lets others see the lane as it is now. */
    private void publish() {
        view.holdLists();
        allowance.repairHolds(repairs.range());
        filling.noteTroublesOfProcessors();
        view.publish(filling.withProcessors(), allowance.held(), troubles.sentences());
    }
}
