package io.delivery.stream;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Changes of streams, one at a time, on an executor of their own; none once the process stops.
 * Thread-safe.
 */
final class Changes {
    private final Executor executor;
    private volatile boolean stopping;

    /**
     * @param executor a serial one
     */
    Changes(Executor executor) {
        this.executor = executor;
    }

    /** Where they are made. What else runs there is refused by nobody. */
    Executor executor() {
        return executor;
    }

    /**
     * Makes a change when the one before it has been made.
     *
     * @return what the change gives. Fails with what it throws, and with {@link RegistryRefusal}
     *     while the process stops
     */
    <T> CompletionStage<T> make(Callable<CompletionStage<T>> what) {
        CompletableFuture<CompletionStage<T>> begun = new CompletableFuture<>();
        executor.execute(
                () -> {
                    try {
                        requireNotStopping();
                        begun.complete(what.call());
                    } catch (Throwable failed) { // also errors: whoever asked waits
                        begun.completeExceptionally(failed);
                    }
                });
        return begun.thenCompose(stage -> stage);
    }

    /** No change is made from now on, but for one that is being made. */
    void stop() {
        stopping = true;
    }

    /**
     * @throws RegistryRefusal while the process stops
     */
    void requireNotStopping() {
        if (stopping) {
            throw new RegistryRefusal(RegistryRefusal.Why.STOPPING, "the process is stopping");
        }
    }

    boolean stopped() {
        return stopping;
    }
}
