package io.delivery.machine;

import io.delivery.world.Clock;

/** The machine's own clocks. */
public final class SystemClock implements Clock {
    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
