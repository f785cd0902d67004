package io.delivery.machine;

import io.delivery.failure.RepeatedFailure;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps on threads of this machine. Executors share one set of threads, which grows with what is
 * running at the same time and shrinks when idle; a thread bears the name of the executor it works
 * for. All threads are daemon threads: they do not keep the program alive.
 *
 * <p>What a task throws is logged and the executor goes on with the next one. When a thread cannot
 * be started, tasks wait until one can. Thread-safe.
 */
public final class ThreadScheduler implements Scheduler, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ThreadScheduler.class);

    /** How long {@link #close()} waits for what is running. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final RepeatedFailure refusals =
            RepeatedFailure.of(log, "handing a timed task over", System::nanoTime);

    private static final RepeatedFailure tasks =
            RepeatedFailure.of(log, "a task", System::nanoTime);

    private static final RepeatedFailure starts =
            RepeatedFailure.of(log, "starting a thread", System::nanoTime);

    private static final String IDLE = "delivery-idle";

    /**
     * How long a thread waits for work before it ends: longer than from one batch to the next, far
     * shorter than from one flush to the next, so that a burst leaves nothing behind.
     */
    private static final Duration IDLE_TIME = Duration.ofSeconds(5);

    /** How long after a failed start of a thread the next is tried. */
    private static final Duration START_AGAIN = Duration.ofMillis(100);

    /** Most executors of a stream have one task at a time, and none while it has nothing to do. */
    private static final int USUAL_TASKS = 1;

    private final ExecutorService threads;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, daemons("delivery-timer"));
    private final AtomicInteger unfinished = new AtomicInteger();
    private final Object finished = new Object();
    private volatile boolean closed;

    public ThreadScheduler() {
        this(daemons(IDLE));
    }

    /**
     * @param workers makes the threads that work; may fail
     */
    ThreadScheduler(ThreadFactory workers) {
        threads =
                new ThreadPoolExecutor(
                        0,
                        Integer.MAX_VALUE,
                        IDLE_TIME.toNanos(),
                        TimeUnit.NANOSECONDS,
                        new SynchronousQueue<>(),
                        workers);
        timer.setRemoveOnCancelPolicy(true);
        // Later the machine may have no thread left, when this one is needed most.
        timer.prestartCoreThread();
    }

    @Override
    public Executor serial(String name) {
        return new Strand(name, 1);
    }

    @Override
    public Executor pool(String name, int width) {
        if (width < 1) {
            throw new IllegalArgumentException("pool " + name + ": width must be at least 1");
        }
        return new Strand(name, width);
    }

    @Override
    public Cancellable after(Duration delay, Executor where, Runnable task) {
        Objects.requireNonNull(where);
        Objects.requireNonNull(task);
        synchronized (timer) {
            if (closed) {
                return () -> {};
            }
            // The timer counts on System.nanoTime().
            Future<?> handover =
                    timer.schedule(() -> handOver(where, task), nanos(delay), TimeUnit.NANOSECONDS);
            return () -> handover.cancel(false);
        }
    }

    private static void handOver(Executor where, Runnable task) {
        try {
            where.execute(task);
        } catch (Throwable e) {
            refusals.failedOnce(e, "executor", where);
        }
    }

    private static long nanos(Duration delay) {
        // More than 292 years do not fit.
        return delay.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0
                ? Long.MAX_VALUE
                : Math.max(0, delay.toNanos());
    }

    /**
     * Stops: from now on tasks are dropped in silence, as if the process had died; timers that have
     * not fired never fire. Tasks already given still run, for at most 5 seconds; whatever is left
     * then runs on unwaited for. Not to be called from a task.
     */
    @Override
    public void close() {
        synchronized (timer) {
            closed = true;
            timer.shutdownNow();
        }
        long deadline = System.nanoTime() + GRACE.toNanos();
        synchronized (finished) {
            while (unfinished.get() > 0) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    log.warn("tasks still run at the stop: tasks={}", unfinished.get());
                    break;
                }
                try {
                    finished.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
        }
        threads.shutdown();
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** A queue with at most {@code width} threads at it. */
    private final class Strand implements Executor, Runnable {
        private final String name;
        private final int width;
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(USUAL_TASKS);
        private int workers;

        Strand(String name, int width) {
            this.name = Objects.requireNonNull(name);
            this.width = width;
        }

        @Override
        public void execute(Runnable task) {
            Objects.requireNonNull(task);
            synchronized (this) {
                // Counted before the look at closed: close() waits for whatever passes it.
                unfinished.incrementAndGet();
                if (closed) {
                    finish();
                    return;
                }
                tasks.add(task);
            }
            startWorker();
        }

        /**
         * One thread more at the queue, if it may have one. A machine that has no thread to give
         * may have one a moment later: what is queued waits for it.
         */
        private void startWorker() {
            synchronized (this) {
                if (workers == width || tasks.isEmpty()) {
                    return;
                }
                workers++;
            }
            try {
                threads.execute(this);
            } catch (Throwable e) {
                workerGone();
                starts.failedOnce(e, "executor", name);
                startWorkerLater();
            }
        }

        private void startWorkerLater() {
            synchronized (timer) {
                if (!closed) {
                    timer.schedule(this::startWorker, START_AGAIN.toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        }

        private synchronized void workerGone() {
            workers--;
        }

        /** Works off the queue on one thread. The lock makes each task happen before the next. */
        @Override
        public void run() {
            Thread thread = Thread.currentThread();
            thread.setName(name);
            try {
                for (Runnable task = next(); task != null; task = next()) {
                    try {
                        task.run();
                    } catch (Throwable e) {
                        ThreadScheduler.tasks.failedOnce(e, "executor", name);
                    } finally {
                        finish();
                    }
                }
            } catch (Throwable e) {
                // Not even the failure could be told: another thread goes on with the queue.
                workerGone();
                startWorkerLater();
                throw e;
            }
            thread.setName(IDLE);
        }

        private synchronized Runnable next() {
            Runnable task = tasks.poll();
            if (task == null) {
                workers--;
            }
            return task;
        }

        private void finish() {
            if (unfinished.decrementAndGet() == 0 && closed) {
                synchronized (finished) {
                    finished.notifyAll();
                }
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
