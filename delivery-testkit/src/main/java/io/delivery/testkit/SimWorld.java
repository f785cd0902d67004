package io.delivery.testkit;

import io.delivery.world.World;

/**
 * A world in which everything follows from one seed: the order of steps, what a power cut takes,
 * what a store answers. The process in it can die at any step and be started again on the same
 * disk, before the same store.
 *
 * <p>A crash that the disk was told of ({@link SimDisk#crashAfter}) drops the process's tasks and
 * timers at once; {@link #kill()} and {@link #powerCut()} end it from outside. Call {@link
 * #restart()} before the next process.
 */
public final class SimWorld {
    private final long seed;
    private final SimEntropy chance;
    private final ManualClock clock = new ManualClock();
    private final SimScheduler scheduler;
    private final SimDisk disk;
    private final SimEntropy entropy;
    private final MemoryStore store;

    private SimWorld(long seed) {
        this.seed = seed;
        this.chance = new SimEntropy(seed);
        this.scheduler = new SimScheduler(clock, chance.fork());
        this.disk = new SimDisk(chance.fork());
        this.entropy = chance.fork();
        this.store = new MemoryStore(scheduler, chance.fork());
        disk.onCrash(scheduler::dropAll);
        store.callerIsDead(disk::crashed);
    }

    public static SimWorld seeded(long seed) {
        return new SimWorld(seed);
    }

    public long seed() {
        return seed;
    }

    /** Dice for the test itself. */
    public SimEntropy chance() {
        return chance;
    }

    public ManualClock clock() {
        return clock;
    }

    public SimScheduler scheduler() {
        return scheduler;
    }

    public SimDisk disk() {
        return disk;
    }

    /** The store on the other side of the wire: it outlives the process. */
    public MemoryStore store() {
        return store;
    }

    /** What a process is given. */
    public World world() {
        return new World(clock, disk, scheduler, entropy);
    }

    /** The process dies, as by {@code kill -9}. */
    public void kill() {
        disk.kill();
    }

    /** The machine loses power. */
    public void powerCut() {
        disk.powerCut();
    }

    /** A new process may begin; what ran before is dead for good. */
    public void restart() {
        disk.restart();
    }

    @Override
    public String toString() {
        return "simulated world, seed " + seed;
    }
}
