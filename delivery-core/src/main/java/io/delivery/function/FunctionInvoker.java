package io.delivery.function;

import java.util.concurrent.CompletionStage;

/**
 * A function that takes an event and gives an answer, both JSON. Several streams and lanes may
 * share one. Thread-safe.
 */
public interface FunctionInvoker extends AutoCloseable {
    /**
     * It will be invoked soon: begins whatever takes time, such as starting processes, and returns
     * at once. May be called again, and need not be called.
     */
    default void prepare() {}

    /**
     * Invokes it once. Nothing is tried again.
     *
     * @return completes, on any thread, always normally: within the invocation's time-out counted
     *     from the moment that a slot took it, and within the same time again that it waits for a
     *     slot; soon after {@link #close}
     */
    CompletionStage<InvocationResult> invoke(Invocation invocation);

    /** What it is like now. */
    FunctionStatus status();

    /** Ends what belongs to it; invocations that are under way fail. May be called again. */
    @Override
    void close();
}
