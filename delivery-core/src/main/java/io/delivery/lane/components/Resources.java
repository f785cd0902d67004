package io.delivery.lane.components;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What components use and somebody else owns: the store they land in, the catalog that knows their
 * table. Given back once, however often it is asked for. What was recorded may still have to land
 * in a store that was given back: {@link io.delivery.lane.Lane#storesToLandIn} tells. Thread-safe.
 */
public final class Resources implements AutoCloseable {
    private final Runnable giveBack;
    private final AtomicBoolean given = new AtomicBoolean();

    public Resources(Runnable giveBack) {
        this.giveBack = giveBack;
    }

    /** Nothing that is to be given back. */
    public static Resources none() {
        return new Resources(() -> {});
    }

    /** Whether nothing uses them any more. */
    public boolean areGivenBack() {
        return given.get();
    }

    @Override
    public void close() {
        if (given.compareAndSet(false, true)) {
            giveBack.run();
        }
    }
}
