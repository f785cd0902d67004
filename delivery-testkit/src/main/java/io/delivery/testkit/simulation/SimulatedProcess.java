package io.delivery.testkit.simulation;

import io.delivery.buffer.MemoryBudget;
import io.delivery.engine.DiskShares;
import io.delivery.engine.EncodingPool;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.engine.Stores;
import io.delivery.landing.Landings;
import io.delivery.metrics.Metrics;
import io.delivery.testkit.SimWorld;
import io.delivery.world.World;
import java.nio.file.Path;

/**
 * What the streams of one process share, on one data directory of a simulated world. Made anew for
 * each life of the process.
 *
 * @param number which process of its world this is
 */
record SimulatedProcess(SimWorld sim, Engine engine, int number) {
    static SimulatedProcess begin(
            SimWorld sim,
            int number,
            Path data,
            Stores stores,
            LaneLimits limits,
            long memoryBytes,
            long diskBytes) {
        World world = sim.world();
        Engine engine =
                new Engine(
                        world,
                        Metrics.NONE,
                        data,
                        "simulation",
                        new MemoryBudget(memoryBytes),
                        new DiskShares(diskBytes),
                        new EncodingPool(world.scheduler(), 2, 100),
                        new Landings(world, Metrics.NONE, 4),
                        stores,
                        limits);
        return new SimulatedProcess(sim, engine, number);
    }
}
