package io.delivery.testkit;

import io.delivery.world.Entropy;
import java.util.SplittableRandom;

/** Random bits that a seed repeats, and the dice of the simulated world. Thread-safe. */
public final class SimEntropy implements Entropy {
    private final SplittableRandom random;

    public SimEntropy(long seed) {
        this(new SplittableRandom(seed));
    }

    private SimEntropy(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public synchronized long nextLong() {
        return random.nextLong();
    }

    /** A number from 0 to {@code bound - 1}. */
    public synchronized int below(int bound) {
        return random.nextInt(bound);
    }

    /** A number from 0 to {@code bound - 1}. */
    public synchronized long below(long bound) {
        return random.nextLong(bound);
    }

    /** True in this share of the cases, 0 to 1. */
    public synchronized boolean chance(double share) {
        return random.nextDouble() < share;
    }

    /** This many random bytes. */
    public synchronized byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Another stream of random bits, which drawing from this one does not disturb. */
    public synchronized SimEntropy fork() {
        return new SimEntropy(random.split());
    }
}
