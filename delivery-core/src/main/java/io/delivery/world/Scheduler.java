package io.delivery.world;

import java.time.Duration;
import java.util.concurrent.Executor;

/** When and where steps run. The only source of concurrency in the core. */
public interface Scheduler {
    /**
     * An executor that runs its tasks one after another, in the order they were given, never two at
     * once, and never inside {@code execute}. Each task happens-before the next. Cheap: it occupies
     * a thread only while it has tasks.
     *
     * @param name for thread dumps, e.g. {@code clickstream/main}
     */
    Executor serial(String name);

    /**
     * An executor that runs up to {@code width} tasks at once, in no promised order, never inside
     * {@code execute}.
     */
    Executor pool(String name, int width);

    /** Gives {@code task} to {@code where} once {@code delay} has passed on the monotonic clock. */
    Cancellable after(Duration delay, Executor where, Runnable task);

    /** A task that has been scheduled. */
    @FunctionalInterface
    interface Cancellable {
        /**
         * Takes the task back if it has not been given to its executor yet. Harmless afterwards.
         */
        void cancel();
    }
}
