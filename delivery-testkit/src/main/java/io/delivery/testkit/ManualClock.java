package io.delivery.testkit;

import io.delivery.world.Clock;
import java.time.Duration;
import java.time.Instant;

/** A clock that moves when told. Thread-safe. */
public final class ManualClock implements Clock {
    /** Where every clock begins: an arbitrary day with two digits everywhere. */
    public static final Instant BEGIN = Instant.parse("2026-11-21T10:15:30Z");

    private Instant wall = BEGIN;
    // Not zero: nobody may take the origin for a meaning.
    private long nanos = 7_000_000_000L;

    @Override
    public synchronized long millis() {
        return wall.toEpochMilli();
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    /** Time passes, on both clocks. */
    public synchronized void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
        wall = wall.plus(duration);
        nanos += duration.toNanos();
    }

    /** Somebody sets the wall clock, forward or back; no time passes. */
    public synchronized void setWall(Instant time) {
        wall = time;
    }

    /** Somebody moves the wall clock by this much, forward or back; no time passes. */
    public synchronized void jumpWall(Duration step) {
        wall = wall.plus(step);
    }
}
