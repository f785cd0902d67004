package io.delivery.testkit.simulation;

import io.delivery.buffer.MemoryBudget;
import io.delivery.engine.DiskShares;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.engine.Stores;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.TestEngine;
import java.nio.file.Path;

/**
 * What the streams of one process share, on one data directory of a simulated world. Made anew for
 * each life of the process.
 *
 * @param number which process of its world this is
 */
record SimulatedProcess(SimWorld sim, Engine engine, int number) {
    /** On a volume that is larger than the disk limit. */
    static SimulatedProcess begin(
            SimWorld sim,
            int number,
            Path data,
            Stores stores,
            LaneLimits limits,
            long memoryBytes,
            long diskBytes) {
        return begin(
                sim, number, data, stores, limits, memoryBytes, diskBytes, DiskShares.Volume.AMPLE);
    }

    static SimulatedProcess begin(
            SimWorld sim,
            int number,
            Path data,
            Stores stores,
            LaneLimits limits,
            long memoryBytes,
            long diskBytes,
            DiskShares.Volume volume) {
        Engine engine =
                TestEngine.on(sim.world(), data)
                        .memory(new MemoryBudget(memoryBytes))
                        .disk(diskBytes)
                        .volume(volume)
                        .encoding(100)
                        .stores(stores)
                        .limits(limits)
                        .masterKeys(SimulatedKeys.of(number))
                        .build();
        return new SimulatedProcess(sim, engine, number);
    }
}
