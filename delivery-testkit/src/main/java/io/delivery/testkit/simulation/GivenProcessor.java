package io.delivery.testkit.simulation;

import io.delivery.processing.Processor;
import io.delivery.testkit.SimEntropy;
import io.delivery.world.World;

/**
 * A processor that a test brings into a simulated stream. It may drop records, let them fail,
 * answer late, never, and differently each time. What it lets pass is the record's text, a {@code
 * ~} and more, with the letters behind the record's colon as key {@code k}, if there are any.
 */
@FunctionalInterface
public interface GivenProcessor {
    /**
     * One for a lane of one process; it dies with it.
     *
     * @param world of that process
     * @param chance what it does on a whim
     */
    Processor processor(World world, SimEntropy chance);
}
