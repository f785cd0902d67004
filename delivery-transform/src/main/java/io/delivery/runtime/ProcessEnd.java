package io.delivery.runtime;

import io.delivery.world.Scheduler;
import io.delivery.world.Scheduler.Cancellable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Hears of the end of a process, also while the machine has no thread to give: the JDK tells it on
 * a thread that it may have to make, and tells nothing when it cannot.
 */
final class ProcessEnd {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
    private static final Duration OUTPUT = Duration.ofSeconds(1);

    private final Process process;
    private final CompletionStage<?> output;
    private final Scheduler scheduler;
    private final Executor executor;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    private ProcessEnd(
            Process process, CompletionStage<?> output, Scheduler scheduler, Executor executor) {
        this.process = process;
        this.output = output;
        this.scheduler = scheduler;
        this.executor = executor;
    }

    /**
     * Its exit status, once it has ended and its output was read. What still holds its output open
     * is waited for for 1 s.
     *
     * @param output completes when its output has been read
     * @param executor where it is looked at
     * @return never fails
     */
    static CompletableFuture<Integer> of(
            Process process, CompletionStage<?> output, Scheduler scheduler, Executor executor) {
        ProcessEnd end = new ProcessEnd(process, output, scheduler, executor);
        process.onExit().whenComplete((exited, noThread) -> end.look());
        return end.status;
    }

    private void look() {
        if (process.isAlive()) { // it was told before it was so
            scheduler.after(LOOK_AGAIN, executor, this::look);
            return;
        }
        Cancellable patience = scheduler.after(OUTPUT, executor, this::tell);
        output.whenComplete(
                (read, failed) -> {
                    patience.cancel();
                    tell();
                });
    }

    private void tell() {
        status.complete(process.exitValue());
    }
}
