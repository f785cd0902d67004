package io.delivery.buffer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of blocks the whole process may hold. Blocks are taken first and counted, so the
 * budget may be exceeded by a block per lane; whoever sees it exceeded spills. Thread-safe.
 */
public final class MemoryBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    public MemoryBudget(long limitBytes) {
        this.limit = limitBytes;
    }

    void take(long bytes) {
        used.addAndGet(bytes);
    }

    void give(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Whether somebody must spill. */
    public boolean exceeded() {
        return used.get() > limit;
    }

    public long usedBytes() {
        return used.get();
    }

    public long limitBytes() {
        return limit;
    }
}
