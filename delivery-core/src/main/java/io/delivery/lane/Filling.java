package io.delivery.lane;

import io.delivery.engine.LaneLimits;
import io.delivery.failure.FailureText;
import io.delivery.failure.OpenedSoFar;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.lane.Troubles.Cause;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.encode.ClosedBuffers;
import io.delivery.lane.path.Fate;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.range.PartitionBuffer;
import io.delivery.lane.range.SealTrigger;
import io.delivery.lane.range.Selection;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills ranges: reads what is new in the log, as far as the lane may, into the range that is open,
 * and says when that is due to be sealed. Belongs to its lane's executor.
 */
final class Filling {
    private static final Logger log = LoggerFactory.getLogger(Filling.class);

    /** How often processors are asked whether their trouble is over. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final ReadingFactory readings;
    private final LaneName name;
    private final LogPosition position;
    private final OpenRanges ranges;
    private final Allowance allowance;
    private final Troubles troubles;
    private final Runnable goOn;
    private final ClosedBuffers closed;
    private final IntervalTimer interval;

    /** Made once: they are handed over with each record. */
    private final LogPosition.Stretch whenLost = this::passDamage;

    private final LogPosition.Stretch whenAbsent = this::passAbsent;
    private LaneComponents components;
    private Reading reading;
    private boolean stoppedForRoom;
    private String processing = "";

    /** Whether the processors of another definition have not been asked for their trouble yet. */
    private boolean processorsAreNew;

    private boolean asksAgain;

    /**
     * It reads nothing before {@link #use} has told under which definition.
     *
     * @param goOn called on the lane's executor when a step may find something to do
     */
    Filling(
            ReadingFactory readings,
            LaneName name,
            LogPosition position,
            OpenRanges ranges,
            Allowance allowance,
            Troubles troubles,
            Runnable goOn) {
        this.readings = readings;
        this.name = name;
        this.position = position;
        this.ranges = ranges;
        this.allowance = allowance;
        this.troubles = troubles;
        this.goOn = goOn;
        this.closed = readings.closed();
        this.interval = new IntervalTimer(readings.world(), readings.executor(), goOn);
    }

    /** From the next record on, another definition is in force. No range may be read into. */
    void use(LaneComponents next) {
        processorsAreNew = components != null;
        components = next;
        reading = newReading(position, goOn);
    }

    /** A reading of its own at another position, under the definition that is in force. */
    Reading newReading(LogPosition at, Runnable answered) {
        return readings.reading(components, at, this::behind, answered);
    }

    ClosedBuffers closed() {
        return closed;
    }

    LaneLimits limits() {
        return readings.limits();
    }

    /** Goes on with the open range of an earlier process: what its objects hold is skipped. */
    void resume(RangePlan open) {
        ranges.resume(open, components);
        reading.select(Selection.notSettled(open));
    }

    /** Forgets everything that was read: it will be read again from this sequence on. */
    void startOver(long sequence) {
        interval.startOver();
        ranges.clear();
        reading.abandon();
        reading = newReading(position, goOn);
        position.returnTo(sequence);
    }

    /** Nothing is read any more. All of it is given back, although some of it fails. */
    void stop(long sequence) {
        OpenedSoFar.closeAll(
                List.of(
                        interval::stop,
                        ranges::clear,
                        () -> reading.abandon(),
                        () -> position.returnTo(sequence)));
    }

    /**
     * No range is open, so nothing may come for long: the window and the file of the log are given
     * back, and what processors and extractor keep for the sake of speed.
     */
    void rest() {
        position.close();
        components.rest();
    }

    // --- read ---

    /** Settles the parts that processors have answered for. */
    void settleAnswered() {
        if (ranges.reading() != null) {
            reading.settleAnswered(ranges.reading());
        }
    }

    /** A part that did not convert meets another fate than it was buffered for. */
    void settle(OpenRange range, SequencedRecord part, Fate fate) {
        reading.settle(range, part, part, fate);
    }

    /** Parts that are with processors: for the books. */
    long withProcessors() {
        return reading.withProcessors();
    }

    /** What processors say is wrong with them is a trouble of the lane as long as they say it. */
    void noteTroublesOfProcessors() {
        String sentence =
                components.processors().stream()
                        .flatMap(processor -> processor.trouble().stream())
                        .collect(Collectors.joining("; "));
        if (sentence.isEmpty() && processorsAreNew) {
            // Whether they work is not known before they have a record.
            troubles.forget(Cause.PROCESSING);
        } else if (sentence.isEmpty()) {
            troubles.clear(Cause.PROCESSING);
        } else if (!sentence.equals(processing)) {
            troubles.put(Cause.PROCESSING, sentence);
        }
        processorsAreNew = false;
        processing = sentence;
        if (!sentence.isEmpty() && !asksAgain) {
            asksAgain = true;
            readings.world().scheduler().after(ASK_AGAIN, readings.executor(), this::askAgain);
        }
    }

    /** A trouble may end without an answer: the next step sees that. */
    private void askAgain() {
        asksAgain = false;
        goOn.run();
    }

    /** The time that partition keys took since the last call, in nanoseconds. */
    long takeKeyNanos() {
        return reading.takeKeyNanos();
    }

    /**
     * Reads as far as one step may.
     *
     * @return whether there is more to read at once
     */
    boolean readOn() throws IOException {
        boolean must = mustReadOn() && !allowance.waitsForRoom();
        boolean may = allowance.hasRoom() || must;
        long budget = may ? readings.limits().stepBytes() : 0;
        boolean more = may;
        long sideBySide = allowance.sideBySide();
        long room = Math.max(allowance.left(), must ? allowance.pieceWithoutRoom() : 0);
        long most = room + ranges.roomHeldByReading(sideBySide);
        while (budget > 0
                && hasRange()
                && most > ranges.roomHeldByReading(sideBySide)
                && !reading.full()) {
            DeliveryRecord record = reading.next(whenLost, whenAbsent);
            if (record == null) {
                more = false;
                break;
            }
            budget -= take(record) + 64;
            if (closed.full()) {
                break;
            }
        }
        reading.stepEnded();
        stoppedForRoom = !may || most <= ranges.roomHeldByReading(sideBySide);
        return more && budget <= 0 && !closed.full() && !reading.full();
    }

    /**
     * Whether the range that is read into must not end here, because objects that were recorded
     * before it was read again hold parts further on. Then it is read on without room, a piece at a
     * time, as soon as nothing is under way that would make some.
     */
    boolean mustReadOn() {
        return !reading.mayEndBehind(position.next() - 1);
    }

    /** Whether the last step has stopped for want of room, and the next one reads on. */
    boolean readsOnWithoutRoom() {
        return stoppedForRoom
                && mustReadOn()
                && !allowance.waitsForRoom()
                && !closed.full()
                && !reading.full();
    }

    /**
     * Closes buffers of a range that must be read on and has no room left: nothing is under way
     * that would make some, and the range cannot be sealed yet. Its error output goes first, since
     * that gives its part of the spool back; its partitions go as well when that is not enough.
     */
    void closeWithoutRoom() {
        OpenRange range = ranges.reading();
        if (range == null || !mustReadOn() || !allowance.outOfRoom() || allowance.waitsForRoom()) {
            return;
        }
        List<PartitionBuffer> errors = range.takeErrors();
        closed.add(range, errors);
        if (errors.isEmpty() || allowance.outOfRoomWithout(errors)) {
            closed.add(range, range.takePartitions());
        }
    }

    /** Whether there is a range for the next record. */
    private boolean hasRange() {
        OpenRange range = ranges.reading();
        if (range == null) {
            return ranges.mayBegin();
        }
        return range.wanted() == null || !reading.mayEndBehind(range.end() - 1);
    }

    /** Gives the bytes that it, or what it was decompressed to, has. */
    private long take(DeliveryRecord record) {
        OpenRange range = current();
        startInterval(range, record.arrivalMillis());
        long bytes = reading.take(range, record);
        if (allowance.spillIsDue(bytes)) {
            spill(range);
        }
        allowance.noteWhatIsUsedUp(range);
        return bytes;
    }

    /** The range that is read into; a new one begins with the first sequence behind a seal. */
    private OpenRange current() {
        OpenRange range = ranges.reading();
        return range != null ? range : ranges.begin(position.next(), components);
    }

    private void passDamage(long upTo) {
        OpenRange range = current();
        startInterval(range, readings.world().clock().millis());
        long lost = reading.lose(range, upTo);
        log.error(
                "records lost to damage: {} from={} to={} lost={}",
                name,
                position.next(),
                upTo,
                lost);
    }

    /** Sequences that no record has belong to a range, so that they are committed. */
    private void passAbsent(long upTo) {
        OpenRange range = current();
        if (range.empty()) {
            interval.startWithoutRecord(intervalHint());
        }
        reading.passAbsent(range, upTo);
    }

    private void spill(OpenRange range) {
        try {
            ranges.spill();
            troubles.clear(Cause.SPILL);
        } catch (IOException failed) {
            // The blocks stay in memory. The range is sealed, and its commit frees them.
            troubles.put(Cause.SPILL, "buffers could not be spilled: " + FailureText.of(failed));
            range.want(SealTrigger.DISK_SHARE);
        }
    }

    // --- seal ---

    /** The first record of a range starts its interval. */
    private void startInterval(OpenRange range, long arrivalMillis) {
        if (!interval.runsFor(range)) {
            if (behind() || late(arrivalMillis)) {
                range.beginCatchingUp();
            }
            interval.start(range, intervalHint(), arrivalMillis);
        }
    }

    private Duration intervalHint() {
        return Duration.ofSeconds(components.hints().intervalInSeconds());
    }

    /** Whether at least one size hint of durable bytes is unread. */
    private boolean behind() {
        return position.unreadBytes() >= ranges.sizeHint(components);
    }

    /** Whether this record should have been in an object by now. */
    private boolean late(long arrivalMillis) {
        long age = readings.world().clock().millis() - arrivalMillis;
        return !intervalHint().isZero() && age >= intervalHint().toMillis();
    }

    /**
     * Notes every reason to seal the range that is read into; nothing more is read into it then.
     *
     * @param changes whether another definition waits to take effect
     * @param flushes who waits for a seal
     */
    void noteWhatIsDue(boolean changes, Flushes flushes) {
        OpenRange range = ranges.reading();
        if (range == null || range.empty()) {
            return;
        }
        if (interval.due() && !behind()) {
            range.want(SealTrigger.INTERVAL);
        }
        if (closed.groups() == 0 && allowance.outOfRoom()
                || allowance.isWholeRange(position.logBytesFrom(range.start()))) {
            range.want(SealTrigger.DISK_SHARE);
        }
        if (changes) {
            range.want(SealTrigger.DEFINITION);
        }
        if (position.atItsEnd()) {
            range.want(SealTrigger.END);
        }
        if (flushes.wantSealed(range.start(), position.next())) {
            range.want(SealTrigger.FLUSH);
        }
    }

    /**
     * Closes every buffer of the range that is read into, if it is due and no processor has any of
     * it; it is sealed when the last of them is staged.
     *
     * @return whether it was due
     */
    boolean closeWhenDue() {
        OpenRange range = ranges.reading();
        if (range == null
                || range.wanted() == null
                || !reading.mayEndBehind(range.end() - 1)
                || reading.drains()) {
            return false;
        }
        interval.stop();
        range.startSealing();
        closed.add(range, range.takePartitions());
        return true;
    }
}
