package io.delivery.runtime;

import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.world.Scheduler.Cancellable;
import java.util.concurrent.CompletableFuture;

/** One invocation on its way. Belongs to its function's executor. */
final class Call {
    final Invocation invocation;
    final CompletableFuture<InvocationResult> result = new CompletableFuture<>();
    private Cancellable timer = () -> {};

    /** Whether its answer is being read: there is one answer only. */
    boolean answering;

    Call(Invocation invocation) {
        this.invocation = invocation;
    }

    /** What is to happen unless it ends before; in place of what was to happen. */
    void timer(Cancellable next) {
        timer.cancel();
        timer = next;
    }

    void end(InvocationResult how) {
        timer.cancel();
        result.complete(how);
    }
}
