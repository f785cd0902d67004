package io.delivery.lane;

import io.delivery.lane.range.OpenRange;
import io.delivery.world.Scheduler;
import io.delivery.world.World;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Tells when the interval of the range that is read into is over. It runs on the monotonic clock
 * from the range's first record; the first range after a start continues the interval of the
 * process before, by the wall clock. Belongs to its lane's executor.
 */
final class IntervalTimer {
    private static final Scheduler.Cancellable NOT_SET = () -> {};

    private final World world;
    private final Executor executor;
    private final Runnable over;
    private Scheduler.Cancellable timer = NOT_SET;

    /** The one whose interval runs; null while none does, so that a sealed range is let go. */
    private OpenRange range;

    private boolean firstRange = true;
    private boolean due;

    /**
     * @param over called on the lane's executor when the interval is over
     */
    IntervalTimer(World world, Executor executor, Runnable over) {
        this.world = world;
        this.executor = executor;
        this.over = over;
    }

    boolean runsFor(OpenRange asked) {
        return range == asked;
    }

    /** Starts with the first record of a range. */
    void start(OpenRange of, Duration interval, long oldestMillis) {
        timer.cancel();
        range = of;
        due = false;
        Duration passed = Duration.ZERO;
        if (firstRange) {
            firstRange = false;
            long age = world.clock().millis() - oldestMillis;
            passed = Duration.ofMillis(Math.max(0, Math.min(interval.toMillis(), age)));
        }
        timer = world.scheduler().after(interval.minus(passed), executor, this::isOver);
    }

    /**
     * Starts with sequences that no record has: they fill no object, so the range's first record
     * starts it anew.
     */
    void startWithoutRecord(Duration interval) {
        timer.cancel();
        due = false;
        timer = world.scheduler().after(interval, executor, this::isOver);
    }

    private void isOver() {
        due = true;
        over.run();
    }

    boolean due() {
        return due;
    }

    /** The range is being sealed. */
    void stop() {
        timer.cancel();
        timer = NOT_SET;
        range = null;
        due = false;
    }

    /** The open range is read again, as after a start. */
    void startOver() {
        stop();
        firstRange = true;
    }
}
