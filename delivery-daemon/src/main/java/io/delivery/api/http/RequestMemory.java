package io.delivery.api.http;

import io.delivery.api.ApiException;
import io.delivery.api.FrameMemory;
import io.delivery.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The memory of requests: arrays in sizes that double, reused, under one budget. Whoever finds none
 * waits until {@link #expire} gives up; whose caller holds least is served first, and then who has
 * waited for longest. Idle arrays count and are dropped when another size is wanted.
 *
 * <p>What a body may get depends on how much is on loan already:
 *
 * <ul>
 *   <li>up to a quarter of the budget: whatever it asks for;
 *   <li>up to half: what its claim has room for – while their signatures are not proven, bodies of
 *       one key id from one address hold an eighth of the budget together, those of one key id a
 *       quarter;
 *   <li>beyond: only one body at a time, which has memory already and needs more to be finished, so
 *       that bodies never wait for each other in a circle.
 * </ul>
 *
 * <p>Frames, which end what a body began, may have all of it. Whoever waits because of a bound
 * holds up nobody else. Thread-safe.
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
    private final List<Waiter> waiters = new ArrayList<>();

    /** What unproven bodies hold, by key id and by caller. */
    private final Map<String, Long> claimed = new HashMap<>();

    private long allocated;
    private long loaned;

    /** The one body that may have more than the others leave; null for none. */
    private Claim finishing;

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

    /** For a frame. */
    CompletionStage<byte[]> array(int bytes) {
        return array(bytes, Claim.FRAME);
    }

    /**
     * An array of at least so many bytes, its contents undefined. The stage fails with {@link
     * ApiException#slowDown} when there is none for too long.
     */
    CompletionStage<byte[]> array(int bytes, Claim claim) {
        Waiter waiter = new Waiter(sizeFor(bytes), claim, System.nanoTime());
        synchronized (this) {
            boolean first = waiters.stream().noneMatch(this::isWithinBounds);
            byte[] array = first && isWithinBounds(waiter) ? take(waiter) : null;
            if (array != null) {
                return CompletableFuture.completedFuture(array);
            }
            if (lengthOf(waiter.size) > budget) {
                refused.run();
                return CompletableFuture.failedFuture(ApiException.slowDown());
            }
            waiters.add(waiter);
        }
        return waiter.granted;
    }

    /** Takes the array of a frame back. */
    void giveBack(byte[] array) {
        giveBack(array, Claim.FRAME);
    }

    /** Takes an array back. */
    void giveBack(byte[] array, Claim claim) {
        synchronized (this) {
            idle.get(sizeFor(array.length)).push(array);
            loaned -= array.length;
            count(claim, -array.length);
            serveWaiters();
        }
    }

    /** The body is whole and right: what it holds does not count against its key id any more. */
    synchronized void prove(Claim claim) {
        if (!claim.isProven()) {
            charge(claim, -claim.bytes());
            claim.prove();
        }
        finish(claim);
        serveWaiters();
    }

    private void finish(Claim claim) {
        if (finishing == claim) {
            finishing = null;
        }
    }

    private void serveWaiters() {
        Optional<Waiter> next = next();
        while (next.isPresent()) {
            Waiter waiter = next.get();
            byte[] array = take(waiter);
            if (array == null) {
                return; // whoever comes later waits behind
            }
            waiters.remove(waiter);
            executor.execute(() -> waiter.granted.complete(array));
            next = next();
        }
    }

    /** Who is next: of those whose caller holds least, the one that has waited for longest. */
    private Optional<Waiter> next() {
        return waiters.stream()
                .filter(this::isWithinBounds)
                .min(Comparator.comparingLong(w -> claimed.getOrDefault(w.claim.caller(), 0L)));
    }

    private boolean isWithinBounds(Waiter waiter) {
        Claim claim = waiter.claim;
        if (claim == Claim.FRAME) {
            return true;
        }
        // What it holds already is given back for what it asks for, and does not count.
        long after = loaned - claim.bytes() + lengthOf(waiter.size);
        return loaned == claim.bytes()
                || after <= budget / 4
                || after <= budget / 2 && hasRoom(claim, lengthOf(waiter.size))
                || claim.bytes() > 0 && (finishing == null || finishing == claim);
    }

    private boolean hasRoom(Claim claim, int length) {
        return claim.isProven()
                || isWithin(claim.key(), claim, length, budget / 4)
                        && isWithin(claim.caller(), claim, length, budget / 8);
    }

    /** The first body of all may always be there. */
    private boolean isWithin(String whose, Claim claim, int length, long bound) {
        long others = claimed.getOrDefault(whose, 0L) - claim.bytes();
        return others == 0 || others + length <= bound;
    }

    private void count(Claim claim, long more) {
        if (claim == Claim.FRAME) {
            return;
        }
        claim.add(more);
        if (!claim.isProven()) {
            charge(claim, more);
        }
        if (claim.bytes() == 0) {
            finish(claim);
        }
    }

    private void charge(Claim claim, long more) {
        for (String whose : List.of(claim.key(), claim.caller())) {
            claimed.merge(whose, more, (had, m) -> had + m == 0 ? null : had + m);
        }
    }

    /** Tells those who have waited too long to come again. Called a few times a second. */
    void expire(long nowNanos) {
        List<Waiter> expired = new ArrayList<>(0);
        synchronized (this) {
            for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                if (nowNanos - waiter.sinceNanos >= patience(waiter)) {
                    expired.add(waiter);
                    each.remove();
                }
            }
        }
        for (Waiter waiter : expired) {
            refused.run();
            executor.execute(() -> waiter.granted.completeExceptionally(ApiException.slowDown()));
        }
    }

    /**
     * Whoever holds memory while it waits for more keeps others from it, and waits half as long.
     */
    private long patience(Waiter waiter) {
        return waiter.claim.bytes() > 0 ? waitNanos / 2 : waitNanos;
    }

    /** Whether a request has waited for a while that would not have to if others gave up. */
    synchronized boolean isAwaited(long nowNanos) {
        return waiters.stream().anyMatch(w -> nowNanos - w.sinceNanos >= waitNanos / 10);
    }

    @Override
    public CompletionStage<Frame> acquire(int bytes) {
        return array(bytes).thenApply(PooledFrame::new);
    }

    /** Bytes on loan. */
    synchronized long onLoan() {
        return loaned;
    }

    private byte[] take(Waiter waiter) {
        byte[] array = idle.get(waiter.size).poll();
        int length = lengthOf(waiter.size);
        if (array == null) {
            for (int i = SIZES - 1; i >= 0 && allocated + length > budget; i--) {
                while (allocated + length > budget && !idle.get(i).isEmpty()) {
                    allocated -= idle.get(i).poll().length;
                }
            }
            if (allocated + length > budget) {
                return null;
            }
            allocated += length;
            array = new byte[length];
        }
        if (waiter.claim.bytes() > 0 && loaned + length > budget / 2) {
            finishing = waiter.claim;
        }
        loaned += length;
        count(waiter.claim, length);
        return array;
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
        private final Claim claim;
        private final long sinceNanos;
        private final CompletableFuture<byte[]> granted = new CompletableFuture<>();

        Waiter(int size, Claim claim, long sinceNanos) {
            this.size = size;
            this.claim = claim;
            this.sinceNanos = sinceNanos;
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
