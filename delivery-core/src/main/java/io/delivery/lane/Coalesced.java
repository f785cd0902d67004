package io.delivery.lane;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** A step that is scheduled once, however often it is asked for before it runs. Any thread. */
final class Coalesced {
    private final Executor executor;
    private final Runnable step;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * @param executor runs the step, at once or after a while
     */
    Coalesced(Executor executor, Runnable step) {
        this.executor = executor;
        this.step = step;
    }

    void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(
                    () -> {
                        scheduled.set(false);
                        step.run();
                    });
        }
    }
}
