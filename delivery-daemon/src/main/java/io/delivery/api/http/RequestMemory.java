package io.delivery.api.http;

import io.delivery.api.ApiException;
import io.delivery.api.FrameMemory;
import io.delivery.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The memory of requests: arrays in sizes that double, reused, under one budget. Whoever finds none
 * waits in a queue, the oldest first, until {@link #expire} gives up. Idle arrays count and are
 * dropped when another size is wanted. Thread-safe.
 */
final class RequestMemory implements FrameMemory {
    private static final int SMALLEST = 4096;

    /** Beside a power of two, so that 4 MiB of records and their lengths fit in one of 4 MiB. */
    private static final int SLACK = 4096;

    private static final int SIZES = 18;

    private final long budget;
    private final long waitNanos;
    private final Executor executor;
    private final Runnable refused;
    private final List<ArrayDeque<byte[]>> idle = new ArrayList<>();
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private long allocated;

    /**
     * @param budget bytes of all arrays, on loan and idle
     * @param waitNanos how long a request waits
     * @param executor where those go on who had to wait
     * @param refused told of each that was sent away
     */
    RequestMemory(long budget, long waitNanos, Executor executor, Runnable refused) {
        this.budget = budget;
        this.waitNanos = waitNanos;
        this.executor = executor;
        this.refused = refused;
        for (int i = 0; i < SIZES; i++) {
            idle.add(new ArrayDeque<>());
        }
    }

    /**
     * An array of at least so many bytes, its contents undefined. The stage fails with {@link
     * ApiException#slowDown} when there is none for too long.
     */
    CompletionStage<byte[]> array(int bytes) {
        int size = sizeFor(bytes);
        Waiter waiter;
        synchronized (this) {
            byte[] array = waiters.isEmpty() ? take(size) : null;
            if (array != null) {
                return CompletableFuture.completedFuture(array);
            }
            if (lengthOf(size) > budget) {
                refused.run();
                return CompletableFuture.failedFuture(ApiException.slowDown());
            }
            waiter = new Waiter(size, System.nanoTime() + waitNanos);
            waiters.add(waiter);
        }
        return waiter.granted;
    }

    /** Takes an array back. */
    void giveBack(byte[] array) {
        synchronized (this) {
            idle.get(sizeFor(array.length)).push(array);
            while (!waiters.isEmpty()) {
                byte[] free = take(waiters.peek().size);
                if (free == null) {
                    return;
                }
                Waiter next = waiters.remove();
                executor.execute(() -> next.granted.complete(free));
            }
        }
    }

    /** Tells those who have waited too long to come again. Called a few times a second. */
    void expire(long nowNanos) {
        List<Waiter> expired = new ArrayList<>(0);
        synchronized (this) {
            while (!waiters.isEmpty() && nowNanos - waiters.peek().untilNanos >= 0) {
                expired.add(waiters.remove());
            }
        }
        for (Waiter waiter : expired) {
            refused.run();
            executor.execute(() -> waiter.granted.completeExceptionally(ApiException.slowDown()));
        }
    }

    @Override
    public CompletionStage<Frame> acquire(int bytes) {
        return array(bytes).thenApply(PooledFrame::new);
    }

    /** Bytes on loan. */
    synchronized long onLoan() {
        long idleBytes = 0;
        for (ArrayDeque<byte[]> arrays : idle) {
            idleBytes += arrays.isEmpty() ? 0 : (long) arrays.size() * arrays.peek().length;
        }
        return allocated - idleBytes;
    }

    private byte[] take(int size) {
        byte[] array = idle.get(size).poll();
        if (array != null) {
            return array;
        }
        int length = lengthOf(size);
        for (int i = SIZES - 1; i >= 0 && allocated + length > budget; i--) {
            while (allocated + length > budget && !idle.get(i).isEmpty()) {
                allocated -= idle.get(i).poll().length;
            }
        }
        if (allocated + length > budget) {
            return null;
        }
        allocated += length;
        return new byte[length];
    }

    private static int sizeFor(int bytes) {
        int size = 0;
        while (lengthOf(size) < bytes) {
            size++;
        }
        return size;
    }

    private static int lengthOf(int size) {
        return (SMALLEST << size) + SLACK;
    }

    private static final class Waiter {
        private final int size;
        private final long untilNanos;
        private final CompletableFuture<byte[]> granted = new CompletableFuture<>();

        Waiter(int size, long untilNanos) {
            this.size = size;
            this.untilNanos = untilNanos;
        }
    }

    private final class PooledFrame implements Frame {
        private final byte[] array;
        private final RecordBatch.Builder builder;

        PooledFrame(byte[] array) {
            this.array = array;
            this.builder = new RecordBatch.Builder(array);
        }

        @Override
        public RecordBatch.Builder builder() {
            return builder;
        }

        @Override
        public void release() {
            giveBack(array);
        }
    }
}
