package io.delivery.lane;

import io.delivery.failure.OpenedSoFar;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.encode.ClosedBuffers;
import io.delivery.lane.record.Recorder;
import java.util.ArrayList;
import java.util.List;

/**
 * What a lane gives back when it neither reads nor records any more. Belongs to its lane's
 * executor.
 */
record LaneRelease(
        ClosedBuffers closed,
        Encoding encoding,
        OpenRanges ranges,
        Filling filling,
        Repairs repairs,
        Definitions definitions,
        Recorder recorder,
        Flushes flushes) {
    /**
     * Gives all of it back, although some of it fails. May be called again.
     *
     * @param haltReason why the lane cannot go on; empty when it was told to stop
     * @param then runs when all of it was given back
     * @throws RuntimeException the first failure, or an {@link Error}
     */
    void run(LaneName name, String haltReason, Runnable then) {
        String stopped = " has stopped" + (haltReason.isEmpty() ? "" : ": " + haltReason);
        List<Runnable> all = new ArrayList<>(List.of(closed::stop, encoding::stop));
        ranges.forEach(range -> all.add(() -> OpenRanges.release(range)));
        all.add(() -> filling.stop(recorder.plan().openStart()));
        all.add(repairs::abandon);
        all.add(() -> definitions.stop(name + " has stopped", closed::use));
        all.add(() -> recorder.close("the lane" + stopped));
        all.add(() -> flushes.refuse(name + stopped));
        all.add(then);
        OpenedSoFar.closeAll(all);
    }
}
