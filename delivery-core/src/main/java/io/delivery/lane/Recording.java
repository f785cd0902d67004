package io.delivery.lane;

import io.delivery.lane.encode.ClosedBuffers;
import io.delivery.lane.range.OpenRange;
import io.delivery.lane.range.PartitionBuffer;
import io.delivery.lane.record.Recorder;
import java.io.IOException;
import java.util.List;

/** Brings a range from its closed buffers to its seal. Belongs to its lane's executor. */
final class Recording {
    private final ClosedBuffers closed;
    private final Recorder recorder;

    Recording(ClosedBuffers closed, Recorder recorder) {
        this.closed = closed;
        this.recorder = recorder;
    }

    /**
     * Records what is staged of a range.
     *
     * @return whether it was the last of it: the range is sealed
     * @throws IOException when the state could not be written: it is done again later
     */
    boolean recordStaged(OpenRange range) throws IOException {
        List<PartitionBuffer> errors = range.takeErrorsWhenLast();
        if (!errors.isEmpty()) {
            closed.add(range, errors);
        }
        boolean last = range.fullyStaged();
        // What stands for void objects is recorded with its seal, all at once.
        if (last || !range.repairing() && !range.staged().isEmpty()) {
            recorder.record(range);
        }
        if (last) {
            OpenRanges.closeSpool(range);
        }
        return last;
    }

    /** Nothing of this range will be recorded: its records are read again. */
    void giveUp(OpenRange range) {
        range.giveUp();
        range.staged().forEach(closed::forget);
        OpenRanges.release(range);
    }
}
