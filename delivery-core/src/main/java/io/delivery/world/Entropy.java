package io.delivery.world;

/** Random bits: incarnations, salts, jitter. */
public interface Entropy {
    /** 64 fresh random bits. */
    long nextLong();

    /** A fresh number in [0, 1). */
    default double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }
}
