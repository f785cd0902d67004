package io.delivery.lane;

import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.encode.ClosedBuffers;
import io.delivery.lane.path.Fate;
import io.delivery.lane.path.Part;
import io.delivery.lane.path.ProcessingWindow;
import io.delivery.lane.path.RecordPath;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.range.PartitionBuffer;
import io.delivery.lane.range.SealTrigger;
import io.delivery.lane.range.Selection;
import io.delivery.partition.PartitionKeys;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Reads records from a log, takes those parts of them that are selected along the path of one
 * definition, and settles them in a range. The lane has one for what is new; a repair has one of
 * its own. Belongs to its lane's executor.
 */
final class Reading {
    private final LogPosition position;
    private final LaneComponents components;
    private final RecordPath path;
    private final ProcessingWindow window;
    private final ClosedBuffers closed;
    private final BooleanSupplier behind;
    private final SequencedRecord view = new SequencedRecord();
    private final SequencedRecord enteredView = new SequencedRecord();
    private Selection selection = Selection.everything();

    /**
     * @param position moves on as records are taken
     * @param window of its own, with the definition's processors
     * @param closed takes the buffers that are full
     * @param behind whether the lane is behind its log
     */
    Reading(
            LogPosition position,
            LaneComponents components,
            RecordPath path,
            ProcessingWindow window,
            ClosedBuffers closed,
            BooleanSupplier behind) {
        this.position = position;
        this.components = components;
        this.path = path;
        this.window = window;
        this.closed = closed;
        this.behind = behind;
    }

    LaneComponents components() {
        return components;
    }

    /** Reads only these parts, until it has passed what the selection must pass. */
    void select(Selection chosen) {
        selection = chosen;
    }

    /** Whether a range may end behind this sequence. */
    boolean mayEndBehind(long sequence) {
        return sequence > selection.mustPass();
    }

    // --- read ---

    /**
     * The next record; null when none is durable yet.
     *
     * @param lost told of damage before it
     * @param absent told of sequences before it that no record has
     */
    DeliveryRecord next(LogPosition.Stretch lost, LogPosition.Stretch absent) throws IOException {
        return position.read(lost, absent);
    }

    /**
     * Splits the record that was read last, and settles what no processor has to see.
     *
     * @return bytes that it had, or that its parts have, whichever are more
     */
    long take(OpenRange range, DeliveryRecord record) {
        long sequence = position.next();
        int parts = path.split(range.splitter(), sequence, record);
        boolean any = false;
        for (int part = 0; part < parts; part++) {
            Selection.Choice choice = selection.of(sequence, part);
            if (choice == Selection.Choice.PASS) {
                continue;
            }
            if (!any) {
                any = true;
                range.read(sequence, record.arrivalMillis());
            }
            switch (choice) {
                case SETTLED -> range.settledPart();
                case TAKE -> {
                    range.part();
                    take(range, part);
                }
                case FAILED -> {
                    range.part();
                    settle(
                            range,
                            path.part(part),
                            path.entered(part),
                            new Fate.Failed(selection.failureOf(sequence, part)));
                }
                case PASS -> throw new IllegalStateException("passed already");
            }
        }
        long bytes = Math.max(record.length(), path.bytes());
        path.forget();
        passed(range, sequence);
        position.advance();
        return bytes;
    }

    private void take(OpenRange range, int number) {
        SequencedRecord part = path.part(number);
        SequencedRecord entered = path.entered(number);
        if (path.failureOf(number) != null) {
            settle(range, part, entered, new Fate.Failed(path.failureOf(number)));
        } else if (window.processes()) {
            window.add(part, entered);
        } else {
            settle(range, part, entered, path.fate(part, PartitionKeys.NONE));
        }
    }

    /**
     * Passes sequences that cannot be read any more, from the present position on.
     *
     * @return how many are lost, wholly or in part
     */
    long lose(OpenRange range, long upTo) {
        long lost = 0;
        for (long sequence = position.next(); sequence < upTo; sequence++) {
            Selection.Loss loss = selection.lost(sequence);
            if (!loss.equals(Selection.Loss.NONE)) {
                range.lose(sequence, loss);
                lost += loss.damaged();
            }
            passed(range, sequence);
        }
        return lost;
    }

    /** Passes sequences that no record has, from the present position on. */
    void passAbsent(OpenRange range, long upTo) {
        range.passAbsent(upTo, selection.absent(position.next(), upTo));
        passed(range, upTo - 1);
    }

    /** Selects every part from the end of what earlier objects hold. */
    private void passed(OpenRange range, long sequence) {
        if (!range.repairing() && selection.mustPass() >= 0 && sequence >= selection.mustPass()) {
            if (!range.splitter().equals(components.splitter())) {
                // The next range begins under the splitter in force.
                range.want(SealTrigger.DEFINITION);
            }
            selection = Selection.everything();
        }
    }

    // --- settle ---

    /** Settles what processors have answered. */
    void settleAnswered(OpenRange range) {
        for (Part part = window.next(); part != null; part = window.next()) {
            SequencedRecord record = part.as(view);
            Fate decided = part.decided();
            settle(
                    range,
                    record,
                    part.enteredAs(enteredView),
                    decided != null ? decided : path.fate(record, part.keys()));
        }
    }

    /**
     * A part meets its fate; buffers that are full by that are closed.
     *
     * @param entered the part as the error output shows it
     */
    void settle(OpenRange range, SequencedRecord part, SequencedRecord entered, Fate fate) {
        List<PartitionBuffer> full = range.settle(part, entered, fate, behind);
        if (!full.isEmpty()) { // rarely: this is asked for each part
            closed.add(range, full);
        }
    }

    // --- processors ---

    /** Whether nothing more may be read before a processor has answered. */
    boolean full() {
        return window.full();
    }

    /** Nothing more was found to read at present: processors are given what waits for them. */
    void stepEnded() {
        window.stepEnded();
    }

    /** Whether a part is with a processor. Parts that waited for a fuller batch are sent now. */
    boolean drains() {
        if (window.parts() > 0) {
            window.drain();
        }
        return window.parts() > 0;
    }

    /** Parts that are with processors: for the books. */
    long withProcessors() {
        return window.parts();
    }

    /** The time that partition keys took since the last call. */
    long takeKeyNanos() {
        return path.takeKeyNanos();
    }

    /** Ignores what processors will answer: the parts that they have are read again. */
    void abandon() {
        window.abandon();
    }
}
