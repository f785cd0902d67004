package io.delivery.runtime;

import io.delivery.world.Scheduler;
import io.delivery.world.Scheduler.Cancellable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Hears of the end of a process, also where the JDK does not tell it. The JDK tells it on a thread
 * of its common pool, which tells nothing when it finds no thread, and may tell nothing ever again
 * after that. So the process is also looked at when its output ends, and every second. Thread-safe.
 */
final class ProcessEnd {
    private static final Duration LOOK_SOON = Duration.ofMillis(10);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration OUTPUT = Duration.ofSeconds(1);

    private final Process process;
    private final CompletionStage<?> output;
    private final Scheduler scheduler;
    private final Executor executor;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private Duration pause = LOOK_AGAIN;
    private Cancellable nextLook = () -> {};
    private boolean hasEnded;

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
        end.look();
        output.whenComplete((read, failed) -> end.lookSoon());
        process.onExit().whenComplete((exited, noThread) -> end.lookSoon());
        return end.status;
    }

    /** It may end at this moment: it closes its output shortly before it has a status. */
    private void lookSoon() {
        synchronized (this) {
            pause = LOOK_SOON;
        }
        look();
    }

    /** Looks again later, less and less often, while it lives. */
    private void look() {
        synchronized (this) {
            if (hasEnded) {
                return;
            }
            nextLook.cancel();
            if (process.isAlive()) {
                nextLook = scheduler.after(pause, executor, this::look);
                Duration longer = pause.multipliedBy(2);
                pause = longer.compareTo(LOOK_AGAIN) < 0 ? longer : LOOK_AGAIN;
                return;
            }
            hasEnded = true;
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
