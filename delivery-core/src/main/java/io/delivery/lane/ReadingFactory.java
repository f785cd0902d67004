package io.delivery.lane;

import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.encode.ClosedBuffers;
import io.delivery.lane.path.ProcessingWindow;
import io.delivery.lane.path.RecordPath;
import io.delivery.world.World;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Makes the readings of one lane.
 *
 * @param executor the lane's
 * @param closed takes the buffers that are full
 */
record ReadingFactory(Engine engine, Executor executor, ClosedBuffers closed) {
    World world() {
        return engine.world();
    }

    LaneLimits limits() {
        return engine.limits();
    }

    /**
     * @param components under which records take their path
     * @param position of its own; it moves on as records are taken
     * @param behind whether the lane is behind its log
     * @param answered called on the lane's executor when processors have answered
     */
    Reading reading(
            LaneComponents components,
            LogPosition position,
            BooleanSupplier behind,
            Runnable answered) {
        ProcessingWindow window =
                new ProcessingWindow(
                        components.processors(),
                        limits().processParts(),
                        world().scheduler(),
                        executor,
                        engine.memory(),
                        answered);
        RecordPath path = new RecordPath(components, world().clock());
        return new Reading(position, components, path, window, closed, behind);
    }
}
