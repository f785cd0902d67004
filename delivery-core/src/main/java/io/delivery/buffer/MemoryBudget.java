package io.delivery.buffer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of blocks the whole process may hold. Blocks are taken first and counted, so the
 * budget may be exceeded by a block per lane; whoever sees it exceeded spills. Thread-safe.
 */
public final class MemoryBudget {
    private final MemoryBudget whole;
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    public MemoryBudget(long limitBytes) {
        this(null, limitBytes);
    }

    private MemoryBudget(MemoryBudget whole, long limitBytes) {
        this.whole = whole;
        this.limit = limitBytes;
    }

    /** Counts a part of this budget by itself; what it takes is taken here as well. */
    public MemoryBudget part() {
        return new MemoryBudget(this, limit);
    }

    void take(long bytes) {
        used.addAndGet(bytes);
        if (whole != null) {
            whole.take(bytes);
        }
    }

    void give(long bytes) {
        used.addAndGet(-bytes);
        if (whole != null) {
            whole.give(bytes);
        }
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
