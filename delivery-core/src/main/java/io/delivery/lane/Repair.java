package io.delivery.lane;

import io.delivery.engine.Engine;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.lane.OpenRange.PartitionBuffer;
import io.delivery.log.Log;
import io.delivery.record.DeliveryRecord;
import java.io.IOException;
import java.util.List;

/**
 * Other objects for those of a sealed range that became void. Reads exactly the (sequence, part)s
 * that no object of the range holds any more, takes them the whole way again, and seals the range
 * again. What an earlier seal of the range accounts for, dropped or damaged, stays so. Belongs to
 * its lane's executor.
 */
final class Repair {
    private final Engine engine;
    private final Lane lane;
    private final RangePlan broken;
    private final OpenRange range;
    private final Intake intake;
    private final LogPosition position;
    private final SettledParts missing;
    private final SettledParts held;
    private final BufferClosing closing;
    private boolean processing;

    /**
     * @param range empty, with the start and the next number of the broken one
     * @param intake of its own
     */
    Repair(
            Engine engine,
            Lane lane,
            RangePlan broken,
            OpenRange range,
            Intake intake,
            Log source,
            BufferClosing closing) {
        this.engine = engine;
        this.lane = lane;
        this.broken = broken;
        this.range = range;
        this.intake = intake;
        this.closing = closing;
        this.missing = new SettledParts(broken.voidedSinceSeal());
        this.held = new SettledParts(broken.live());
        this.position = new LogPosition(source, missing.lowestSequence());
    }

    OpenRange range() {
        return range;
    }

    RangePlan broken() {
        return broken;
    }

    /** Reads on as far as one step may. */
    void step() throws IOException {
        if (processing || range.sealing()) {
            return;
        }
        long budget = engine.limits().stepBytes();
        while (budget > 0
                && position.next() <= missing.highestSequence()
                && intake.held() < engine.limits().processParts()
                && !closing.full()) {
            DeliveryRecord record = position.read(this::passDamage, this::passDamage);
            if (record == null || position.next() > missing.highestSequence()) {
                break;
            }
            budget -= record.length() + 64;
            intake.takeMissing(range, position.next(), record, missing, held);
            position.advance();
        }
        if (engine.memory().exceeded()) {
            range.spill();
        }
        if (intake.held() > 0) {
            processing = true;
            intake.process(range)
                    .whenCompleteAsync(
                            (done, failure) -> lane.guarded(() -> processed(failure)),
                            lane.executor());
        } else if (position.next() > missing.highestSequence()) {
            position.close();
            range.want(SealTrigger.REPAIR);
            range.startSealing();
            closing.closeGrouped(range, range.takePartitions());
        } else if (!closing.full()) {
            lane.executor().execute(lane::repair);
        }
    }

    private void processed(Throwable failure) {
        if (lane.halted() || range.abandoned()) {
            return;
        }
        processing = false;
        if (failure != null) {
            lane.halt("processing failed: " + failure.getMessage());
        } else {
            lane.repair();
        }
    }

    /** Also what the log has withdrawn since it was decided: then no object can be made of it. */
    private void passDamage(long upTo) {
        long end = Math.min(upTo, missing.highestSequence() + 1);
        for (long sequence = position.next(); sequence < end; sequence++) {
            if (somethingIsMissingOf(sequence)) {
                range.passDamage(sequence, 0, 1);
            }
        }
    }

    private boolean somethingIsMissingOf(long sequence) {
        for (int part = missing.nextPartOf(sequence, 0);
                part >= 0;
                part = missing.nextPartOf(sequence, part + 1)) {
            if (!held.contains(sequence, part)) {
                return true;
            }
        }
        return false;
    }

    /** Closes what is closed last; true when nothing is left but to record it. */
    boolean progress() {
        if (range.sealing() && range.encoding() == 0) {
            List<PartitionBuffer> errors = range.takeErrors();
            if (!errors.isEmpty()) {
                closing.close(range, errors);
            }
        }
        return range.fullyStaged();
    }

    /** The lane has stopped, or more objects became void: it is begun again. */
    void abandon() {
        intake.abandon();
        position.close();
    }
}
