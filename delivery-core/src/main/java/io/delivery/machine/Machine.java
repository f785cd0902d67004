package io.delivery.machine;

import io.delivery.world.World;
import java.nio.file.Path;

/**
 * This machine as a world: its clocks, files, threads and random bits. Closing it stops the
 * threads.
 */
public final class Machine implements AutoCloseable {
    private final ThreadScheduler scheduler = new ThreadScheduler();
    private final World world;

    /** Whatever is created has the permissions that the process gives. */
    public Machine() {
        this(new FileDisk());
    }

    /**
     * @param ownersOnly what is created in there is for the user of this process only
     */
    public Machine(Path ownersOnly) {
        this(new FileDisk(ownersOnly));
    }

    private Machine(FileDisk disk) {
        world = new World(new SystemClock(), disk, scheduler, new SystemEntropy());
    }

    public World world() {
        return world;
    }

    /** Stops the threads, see {@link ThreadScheduler#close()}. */
    @Override
    public void close() {
        scheduler.close();
    }
}
