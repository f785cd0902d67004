package io.delivery.buffer;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many bytes of blocks the whole process may hold. Blocks are taken first and counted, so the
 * budget may be exceeded by a block per lane; whoever sees it exceeded spills. Blocks of full size
 * that were given back are kept for the next taker: a busy lane fills and empties the whole budget
 * every few seconds, which would be as much garbage. They are let go by {@link #trim} when lanes
 * have had nothing to do for a while. Thread-safe.
 */
public final class MemoryBudget {
    /** Blocks of this size are used again. */
    static final int FULL_BLOCK_BYTES = 64 << 10;

    private final MemoryBudget whole;
    private final long limit;
    private final Deque<byte[]> kept = new ArrayDeque<>();
    private volatile long used;
    private volatile long held;
    private long blocks;

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

    /** A block of this size, whose contents are left over from whoever had it before. */
    synchronized byte[] take(int bytes) {
        used += bytes;
        blocks += bytes;
        if (whole != null) {
            return whole.take(bytes);
        }
        byte[] block = bytes == FULL_BLOCK_BYTES ? kept.pollLast() : null;
        while (used + keptBytes() > limit && !kept.isEmpty()) {
            kept.removeLast();
        }
        return block == null ? new byte[bytes] : block;
    }

    /** Takes a block back. Nobody may read or write it any more. */
    synchronized void give(byte[] block) {
        used -= block.length;
        blocks -= block.length;
        if (whole != null) {
            whole.give(block);
        } else if (block.length == FULL_BLOCK_BYTES && used < limit) {
            kept.addLast(block);
        }
    }

    /**
     * Lets go of kept blocks until they are no more than the blocks in use, and of all of them when
     * none is: whoever is busy finds as much as it holds, and a process that rests keeps none.
     */
    public synchronized void trim() {
        while (keptBytes() > blocks && !kept.isEmpty()) {
            kept.removeLast();
        }
    }

    /**
     * Counts bytes that are held beside the blocks, and that nobody can spill: there is so much
     * less for blocks.
     *
     * @param change what is held more than before; negative when less
     */
    public synchronized void hold(long change) {
        used += change;
        held += change;
        if (whole != null) {
            whole.hold(change);
        }
    }

    /**
     * Counts bytes outside the blocks that their owner gives back by itself, as a processor's
     * answer does: there is so much less for blocks, and nobody waits for it.
     *
     * @param change what is reserved more than before; negative when less
     */
    public synchronized void reserve(long change) {
        used += change;
        if (whole != null) {
            whole.reserve(change);
        }
    }

    /** How many bytes everybody together holds through {@link #hold} at present. */
    public long heldBytes() {
        return held;
    }

    /** Whether somebody must spill. */
    public boolean exceeded() {
        return used > limit;
    }

    public long usedBytes() {
        return used;
    }

    /** Bytes of blocks that nobody uses, and that are kept for the next taker. */
    public synchronized long keptBytes() {
        return (long) kept.size() * FULL_BLOCK_BYTES;
    }

    public long limitBytes() {
        return limit;
    }
}
