package io.delivery.testkit.simulation;

import io.delivery.testkit.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Runs many seeds of {@link DeliverySimulation}, on all cores, until one fails. */
public final class SimulationRunner {
    private static final long SEEDS_OF_VERIFY = 50;
    private static final long TELL_EVERY = 10_000;

    private final long end;
    private final int steps;
    private final Function<SimWorld, SimulatedLake> lake;
    private final Function<Long, Sources> sources;
    private final Optional<GivenProcessor> given;
    private final AtomicLong next;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Counts sum = new Counts();
    private final long begun = System.nanoTime();
    private long finished;

    private SimulationRunner(
            long first,
            long count,
            int steps,
            Function<SimWorld, SimulatedLake> lake,
            Function<Long, Sources> sources,
            Optional<GivenProcessor> given) {
        this.sources = sources;
        this.given = given;
        this.next = new AtomicLong(first);
        this.end = first + count;
        this.steps = steps;
        this.lake = lake;
    }

    /** Runs seeds of streams that read their journal. */
    public static Counts runAsAsked(
            String title, double share, int steps, Function<SimWorld, SimulatedLake> lake) {
        return runAsAsked(title, share, steps, lake, seed -> Sources.JOURNAL);
    }

    /** Runs seeds of streams that have this processor, before a store behind a wire. */
    public static Counts runAsAsked(String title, double share, int steps, GivenProcessor given) {
        return runAsAsked(
                title, share, steps, MemoryLake::new, seed -> Sources.JOURNAL, Optional.of(given));
    }

    /**
     * Runs seeds from 1 on, or from {@code -Dsimulation.first=N}: {@value #SEEDS_OF_VERIFY} of
     * them, or {@code -Dsimulation.seeds=N}; {@code -Dsimulation.seed=N} runs the N-th alone.
     * Prints what happened.
     *
     * @param title of what is printed
     * @param share how many of those seeds, 0 to 1: a dear world runs fewer
     * @param sources what the stream of a seed reads
     * @throws AssertionError that names the seed that failed
     */
    public static Counts runAsAsked(
            String title,
            double share,
            int steps,
            Function<SimWorld, SimulatedLake> lake,
            Function<Long, Sources> sources) {
        return runAsAsked(title, share, steps, lake, sources, Optional.empty());
    }

    private static Counts runAsAsked(
            String title,
            double share,
            int steps,
            Function<SimWorld, SimulatedLake> lake,
            Function<Long, Sources> sources,
            Optional<GivenProcessor> given) {
        Long one = Long.getLong("simulation.seed");
        long first = one == null ? Long.getLong("simulation.first", 1) : one;
        long all = Long.getLong("simulation.seeds", SEEDS_OF_VERIFY);
        long count = one == null ? Math.max(1, Math.round(all * share)) : 1;
        SimulationRunner runner = new SimulationRunner(first, count, steps, lake, sources, given);
        Counts counts = runner.run(Runtime.getRuntime().availableProcessors());
        System.out.printf(
                "%s: seeds %d to %d in %d s%n%s",
                title, first, first + count - 1, runner.age().toSeconds(), counts.lines());
        return counts;
    }

    private Duration age() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private Counts run(int threads) {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(this::work, "simulation-" + i);
            thread.start();
            all.add(thread);
        }
        try {
            for (Thread thread : all) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            failure.compareAndSet(null, interrupted);
            Thread.currentThread().interrupt();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get().getMessage(), failure.get());
        }
        return sum;
    }

    private void work() {
        while (failure.get() == null) {
            long seed = next.getAndIncrement();
            if (seed >= end) {
                return;
            }
            try {
                add(DeliverySimulation.run(seed, steps, lake, sources.apply(seed), given));
            } catch (Throwable failed) {
                failure.compareAndSet(null, failed);
            }
        }
    }

    private synchronized void add(Counts counts) {
        sum.add(counts);
        finished++;
        if (finished % TELL_EVERY == 0) {
            System.out.printf("%,d seeds after %d s%n", finished, age().toSeconds());
        }
    }
}
