package io.delivery.benchmarks;

import io.delivery.record.RecordBatch;
import io.delivery.stream.DeliveryStream;
import io.delivery.stream.ThrottledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that accept in process, each one batch after the other, and what they saw. Paced ones
 * begin at fixed times: whoever is late because of one slow answer does not hide it from the next.
 */
final class Producers implements AutoCloseable {
    private static final long COME_AGAIN_NANOS = Duration.ofMillis(5).toNanos();

    private final DeliveryStream stream;
    private final RecordBatch batch;
    private final long pauseNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean stopping;
    private volatile RuntimeException failure;
    private volatile Window window = new Window();

    /** What was accepted between two looks. */
    private static final class Window {
        private final long begunNanos = System.nanoTime();
        private long[] nanos = new long[1 << 12];
        private int count;

        private synchronized void add(long value) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, count * 2);
            }
            nanos[count++] = value;
        }

        private synchronized long[] all() {
            return Arrays.copyOf(nanos, count);
        }
    }

    /**
     * @param refused calls that were answered 503, and repeated
     */
    record Seen(double megabytesPerSecond, double p50Nanos, double p99Nanos, long refused) {}

    private Producers(DeliveryStream stream, RecordBatch batch, int count, long pauseNanos) {
        this.stream = stream;
        this.batch = batch;
        this.pauseNanos = pauseNanos;
        for (int i = 0; i < count; i++) {
            long offset = pauseNanos * i / count;
            threads.add(new Thread(() -> produce(offset), "producer-" + i));
        }
        threads.forEach(Thread::start);
    }

    /** Each sends the next batch as soon as the one before is answered. */
    static Producers eager(DeliveryStream stream, RecordBatch batch, int count) {
        return new Producers(stream, batch, count, 0);
    }

    /** All together send so many bytes per second. */
    static Producers paced(
            DeliveryStream stream, RecordBatch batch, int count, double bytesPerSecond) {
        return new Producers(
                stream, batch, count, Math.round(batch.length() * 1e9 * count / bytesPerSecond));
    }

    private void produce(long offset) {
        Window mine = null;
        long next = 0;
        while (!stopping) {
            if (window != mine) {
                mine = window;
                next = System.nanoTime() + offset; // the lateness of one window is not the next's
            }
            if (pauseNanos > 0) {
                for (long left; (left = next - System.nanoTime()) > 0; ) {
                    LockSupport.parkNanos(left);
                }
            }
            long begun = pauseNanos > 0 ? next : System.nanoTime();
            try {
                stream.accept(batch).toCompletableFuture().join();
                mine.add(System.nanoTime() - begun);
                next += pauseNanos;
            } catch (CompletionException failed) {
                if (!(failed.getCause() instanceof ThrottledException)) {
                    failure = failed;
                    return;
                }
                refused.incrementAndGet();
                LockSupport.parkNanos(COME_AGAIN_NANOS);
            }
        }
    }

    /** Begins to count anew. */
    void begin() {
        refused.set(0);
        window = new Window();
    }

    /** What they have seen since {@link #begin()}. */
    Seen seen() {
        if (failure != null) {
            throw failure;
        }
        Window seen = window;
        double seconds = (System.nanoTime() - seen.begunNanos) / 1e9;
        long[] nanos = seen.all();
        if (nanos.length == 0) {
            return new Seen(0, Double.NaN, Double.NaN, refused.get());
        }
        return new Seen(
                nanos.length * (double) batch.length() / 1e6 / seconds,
                Statistics.percentile(nanos, 0.5),
                Statistics.percentile(nanos, 0.99),
                refused.get());
    }

    /** What they see during this time from now on. */
    Seen during(Duration time) {
        begin();
        park(time);
        return seen();
    }

    static void park(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        for (long left; (left = until - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }

    /** Returns when all have their last answer. */
    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
