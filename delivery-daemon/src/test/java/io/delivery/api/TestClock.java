package io.delivery.api;

import io.delivery.world.Clock;
import java.time.Instant;

/** A wall clock that is set by hand, or follows the real one with an offset. */
public final class TestClock implements Clock {
    private final java.util.function.LongSupplier millis;

    private TestClock(java.util.function.LongSupplier millis) {
        this.millis = millis;
    }

    public static TestClock at(String instant) {
        long fixed = Instant.parse(instant).toEpochMilli();
        return new TestClock(() -> fixed);
    }

    public static TestClock real() {
        return new TestClock(System::currentTimeMillis);
    }

    /** What a server believes whose clock is wrong by so much. */
    public static TestClock realPlusMinutes(long minutes) {
        return new TestClock(() -> System.currentTimeMillis() + minutes * 60_000);
    }

    @Override
    public long millis() {
        return millis.getAsLong();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
