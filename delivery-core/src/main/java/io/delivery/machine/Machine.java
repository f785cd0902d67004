package io.delivery.machine;

import io.delivery.world.World;

/**
 * This machine as a world: its clocks, files, threads and random bits. Closing it stops the
 * threads.
 */
public final class Machine implements AutoCloseable {
    private final ThreadScheduler scheduler = new ThreadScheduler();
    private final World world =
            new World(new SystemClock(), new FileDisk(), scheduler, new SystemEntropy());

    public World world() {
        return world;
    }

    /** Stops the threads, see {@link ThreadScheduler#close()}. */
    @Override
    public void close() {
        scheduler.close();
    }
}
