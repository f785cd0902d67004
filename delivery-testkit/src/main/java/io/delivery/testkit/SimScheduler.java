package io.delivery.testkit;

import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;

/**
 * All steps of a simulated world in one loop, on the thread that turns it. Which executor runs next
 * is drawn from the seed; so is which of a pool's first {@code width} tasks. Time stands still
 * until the clock is moved; timers that have become due hand their tasks over before the next step.
 *
 * <p>The loop has two sides. What the scheduler itself gives out belongs to the process and dies
 * with it in {@link #dropAll()}; what {@link #outside()} gives out belongs to the rest of the
 * world, for instance to a store or to the wire, and goes on.
 *
 * <p>Tasks may be given from any thread; one thread turns the loop.
 */
public final class SimScheduler implements Scheduler {
    private final ManualClock clock;
    private final SimEntropy chance;
    private final List<Queue> queues = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Scheduler outside = new Side();
    private long timersSet;
    private long life;
    private long steps;
    private boolean running;
    private Runnable afterEach = () -> {};

    public SimScheduler(ManualClock clock, SimEntropy chance) {
        this.clock = clock;
        this.chance = chance;
    }

    @Override
    public Executor serial(String name) {
        return queue(name, 1, true);
    }

    @Override
    public Executor pool(String name, int width) {
        return queue(name, width, true);
    }

    @Override
    public Cancellable after(Duration delay, Executor where, Runnable task) {
        return timer(delay, where, task, true);
    }

    /** The same loop for what does not die with the process. */
    public Scheduler outside() {
        return outside;
    }

    /** Timers that are set, of the process and of the rest of the world. */
    public synchronized int timers() {
        return timers.size();
    }

    /** By the clock that its timers go by. */
    long nanoTime() {
        return clock.nanoTime();
    }

    /** Which life of the process this is: grows with every {@link #dropAll()}. */
    public synchronized long life() {
        return life;
    }

    /** Steps run so far. */
    public synchronized long steps() {
        return steps;
    }

    /**
     * The process dies: its tasks and timers are gone, and the executors it had will never run
     * anything again. The next life asks for new ones.
     */
    public synchronized void dropAll() {
        life++;
        queues.removeIf(queue -> queue.mortal);
        timers.removeIf(timer -> timer.mortal);
    }

    /**
     * Runs one task of a randomly drawn executor.
     *
     * <p>What the task throws comes out of here, {@link SimulatedCrash} included; the task counts
     * as run and its executor goes on with the next one.
     *
     * @return false when there is nothing to run at this time
     */
    public boolean runOne() {
        Runnable task;
        synchronized (this) {
            if (running) {
                throw new IllegalStateException("a task must not turn the loop it runs in");
            }
            fireDueTimers();
            int runnable = 0;
            for (Queue queue : queues) {
                runnable += queue.tasks.isEmpty() ? 0 : 1;
            }
            if (runnable == 0) {
                return false;
            }
            task = runnable(chance.below(runnable)).take();
            running = true;
            steps++;
        }
        try {
            task.run();
        } finally {
            synchronized (this) {
                running = false;
            }
        }
        return true;
    }

    /** The n-th of the queues that have a task. */
    private Queue runnable(int number) {
        int left = number;
        for (Queue queue : queues) {
            if (!queue.tasks.isEmpty() && left-- == 0) {
                return queue;
            }
        }
        throw new IllegalStateException("no queue number " + number);
    }

    /**
     * Runs until nothing is left to run at this time.
     *
     * @return the number of tasks run
     * @throws IllegalStateException after a million of them: something spins
     */
    public int runUntilIdle() {
        int run = 0;
        while (runOne()) {
            afterEach.run();
            if (++run == 1_000_000) {
                throw new IllegalStateException("still busy after " + run + " tasks");
            }
        }
        return run;
    }

    /** Runs after each task of {@link #runUntilIdle} and {@link #runFor}. */
    public void afterEach(Runnable look) {
        afterEach = look;
    }

    /** How long until the next timer; empty when there is none. */
    public synchronized Optional<Duration> untilNextTimer() {
        return Optional.ofNullable(timers.peek())
                .map(timer -> Duration.ofNanos(Math.max(0, timer.due - clock.nanoTime())));
    }

    /**
     * Moves the clock to the next timer and hands its task over.
     *
     * @return false when no timer is set
     */
    public boolean advanceToNextTimer() {
        Optional<Duration> wait = untilNextTimer();
        wait.ifPresent(this::advance);
        return wait.isPresent();
    }

    /** Moves the clock to the next timer; where everything rests and there is none, by a second. */
    public void letTimePass() {
        if (!advanceToNextTimer()) {
            advance(Duration.ofSeconds(1));
        }
    }

    /**
     * Moves the clock by this much and hands over the tasks whose time has come, in the order in
     * which it came. Runs none of them.
     */
    public synchronized void advance(Duration duration) {
        clock.advance(duration);
        fireDueTimers();
    }

    /**
     * Lives through this much time: runs until idle, moves to the next timer, and so on; at the end
     * the clock has moved by exactly {@code duration} and nothing is left to run.
     */
    public void runFor(Duration duration) {
        long end = clock.nanoTime() + duration.toNanos();
        runUntilIdle();
        while (clock.nanoTime() < end) {
            long left = end - clock.nanoTime();
            advance(
                    Duration.ofNanos(
                            untilNextTimer().map(d -> Math.min(left, d.toNanos())).orElse(left)));
            runUntilIdle();
        }
    }

    private synchronized Queue queue(String name, int width, boolean mortal) {
        if (width < 1) {
            throw new IllegalArgumentException("pool " + name + ": width must be at least 1");
        }
        Queue queue = new Queue(Objects.requireNonNull(name), width, mortal);
        queues.add(queue);
        return queue;
    }

    private synchronized Cancellable timer(
            Duration delay, Executor where, Runnable task, boolean mortal) {
        Objects.requireNonNull(where);
        Objects.requireNonNull(task);
        Duration wait = delay.isNegative() ? Duration.ZERO : delay;
        // A wait nobody lives to see: a century.
        long nanos =
                Math.min(wait.toSeconds(), 100L * 365 * 86_400) * 1_000_000_000
                        + wait.toNanosPart();
        Timer timer = new Timer(clock.nanoTime() + nanos, timersSet++, where, task, mortal);
        timers.add(timer);
        return () -> cancel(timer);
    }

    private synchronized void cancel(Timer timer) {
        timers.remove(timer);
    }

    private void fireDueTimers() {
        for (Timer timer = timers.peek();
                timer != null && timer.due <= clock.nanoTime();
                timer = timers.peek()) {
            timers.remove();
            timer.where.execute(timer.task);
        }
    }

    private final class Side implements Scheduler {
        @Override
        public Executor serial(String name) {
            return queue(name, 1, false);
        }

        @Override
        public Executor pool(String name, int width) {
            return queue(name, width, false);
        }

        @Override
        public Cancellable after(Duration delay, Executor where, Runnable task) {
            return timer(delay, where, task, false);
        }
    }

    private final class Queue implements Executor {
        private final String name;
        private final int width;
        private final boolean mortal;
        private final long bornIn;
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

        Queue(String name, int width, boolean mortal) {
            this.name = name;
            this.width = width;
            this.mortal = mortal;
            this.bornIn = life;
        }

        @Override
        public void execute(Runnable task) {
            Objects.requireNonNull(task);
            synchronized (SimScheduler.this) {
                if (!mortal || bornIn == life) {
                    tasks.add(task);
                }
            }
        }

        Runnable take() {
            Iterator<Runnable> waiting = tasks.iterator();
            Runnable task = waiting.next();
            for (int skip = width == 1 ? 0 : chance.below(Math.min(width, tasks.size()));
                    skip > 0;
                    skip--) {
                task = waiting.next();
            }
            waiting.remove();
            return task;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record Timer(long due, long number, Executor where, Runnable task, boolean mortal)
            implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return due != other.due
                    ? Long.compare(due, other.due)
                    : Long.compare(number, other.number);
        }
    }
}
