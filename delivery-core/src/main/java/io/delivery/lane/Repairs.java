package io.delivery.lane;

import io.delivery.failure.FailureText;
import io.delivery.failure.OpenedSoFar;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.lane.Troubles.Cause;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.encode.ClosedBuffers;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.range.SealTrigger;
import io.delivery.lane.range.Selection;
import io.delivery.lane.record.Recorder;
import io.delivery.log.Log;
import io.delivery.record.DeliveryRecord;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Other objects for those of sealed ranges that became void, one range at a time, the oldest first.
 * A repair reads exactly the (sequence, part)s that no object of the range holds any more, and has
 * the range sealed again; what an earlier seal accounts for, dropped or damaged, stays so. Belongs
 * to its lane's executor.
 */
final class Repairs {
    private static final Logger log = LoggerFactory.getLogger(Repairs.class);

    private final LaneName name;
    private final Log source;
    private final OpenRanges ranges;
    private final Filling filling;
    private final ClosedBuffers closed;
    private final Recorder recorder;
    private final Recording recording;
    private final Troubles troubles;
    private final Around around;
    private Repair current;

    /** The one that is under way: a range, and a reading of its own. */
    private record Repair(OpenRange range, long last, LogPosition position, Reading reading) {}

    /**
     * When steps are run.
     *
     * @param soon runs a step of the lane
     * @param later runs a step of the lane after a while
     * @param progressed run when a step was made: something of it may be ready to be recorded
     */
    record Around(Executor soon, Executor later, Runnable progressed) {}

    Repairs(
            LanePlace place,
            OpenRanges ranges,
            Filling filling,
            Recorder recorder,
            Recording recording,
            Troubles troubles,
            Around around) {
        this.name = place.name();
        this.source = place.source();
        this.ranges = ranges;
        this.filling = filling;
        this.closed = filling.closed();
        this.recorder = recorder;
        this.recording = recording;
        this.troubles = troubles;
        this.around = around;
    }

    /**
     * Begins with the oldest range that needs it, unless one is under way.
     *
     * @param components under which its records are read again
     */
    void beginNext(LaneComponents components) {
        if (current != null) {
            return;
        }
        for (RangePlan broken : recorder.plan().ranges()) {
            if (broken.broken()) {
                log.warn(
                        "range is repaired: {} start={} end={} voidObjects={}",
                        name,
                        broken.start(),
                        broken.seal().end(),
                        broken.voidedSinceSeal().size());
                current = repair(broken, components);
                goOn();
                return;
            }
        }
    }

    private Repair repair(RangePlan broken, LaneComponents components) {
        Selection missing = Selection.voided(broken);
        LogPosition position = new LogPosition(source, missing.first());
        Reading reading = filling.newReading(position, this::goOn);
        reading.select(missing);
        return new Repair(ranges.repair(broken, components), missing.mustPass(), position, reading);
    }

    /** Makes a step, if a repair is under way. */
    void goOn() {
        if (current == null) {
            return;
        }
        try {
            if (readOn()) {
                around.soon().execute(this::goOn);
            }
            troubles.clear(Cause.REPAIR);
        } catch (IOException failed) {
            troubles.put(
                    Cause.REPAIR,
                    "a sealed range could not be read again: " + FailureText.of(failed));
            around.later().execute(this::goOn);
        }
        around.progressed().run();
    }

    /** Whether this range is the one that is made anew. */
    boolean isOf(long rangeStart) {
        return current != null && current.range().start() == rangeStart;
    }

    /** Whether records are read again under this definition. */
    boolean use(LaneComponents components) {
        return current != null && current.reading().components() == components;
    }

    /** The range that is made anew; null when there is none. */
    OpenRange range() {
        return current == null ? null : current.range();
    }

    /** Reads on as far as one step may; whether there is more to read at once. */
    private boolean readOn() throws IOException {
        if (current.range().sealing()) {
            return false;
        }
        Repair repair = current;
        LogPosition position = repair.position();
        Reading reading = repair.reading();
        reading.settleAnswered(repair.range());
        LogPosition.Stretch lost = upTo -> lose(repair, upTo);
        long budget = filling.limits().stepBytes();
        while (budget > 0
                && position.next() <= repair.last()
                && !reading.full()
                && !closed.fullBefore(repair.range())) {
            DeliveryRecord record = reading.next(lost, lost);
            if (record == null || position.next() > repair.last()) {
                break;
            }
            budget -= reading.take(repair.range(), record) + 64;
        }
        if (ranges.memoryExceeded()) {
            repair.range().spill();
        }
        if (position.next() <= repair.last()) {
            reading.stepEnded();
            return !reading.full() && !closed.fullBefore(repair.range());
        }
        if (!reading.drains()) {
            close(repair);
        }
        return false;
    }

    /** Also what the log has withdrawn since: then no object can be made of it either. */
    private static void lose(Repair repair, long upTo) {
        repair.reading().lose(repair.range(), Math.min(upTo, repair.last() + 1));
    }

    private void close(Repair repair) {
        repair.position().close();
        OpenRange range = repair.range();
        range.want(SealTrigger.REPAIR);
        range.startSealing();
        closed.add(range, range.takePartitions());
    }

    /**
     * Records the other objects and the second seal, once all of them are staged.
     *
     * @return whether that was done
     */
    boolean record() throws IOException {
        if (current == null || !recording.recordStaged(current.range())) {
            return false;
        }
        current = null; // durable: whatever fails from here on, it must not be recorded again
        return true;
    }

    /**
     * The lane stops, or more objects became void: it is begun again. All of it is given back,
     * although some of it fails.
     */
    void abandon() {
        if (current != null) {
            Repair given = current;
            current = null;
            OpenedSoFar.closeAll(
                    List.of(
                            given.reading()::abandon,
                            given.position()::close,
                            () -> recording.giveUp(given.range())));
        }
    }
}
