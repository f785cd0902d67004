package io.delivery.plugin;

import io.delivery.failure.FailureText;
import io.delivery.failure.RepeatedFailure;
import io.delivery.processing.BatchHints;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.Incarnation;
import io.delivery.record.SequencedRecord;
import io.delivery.world.Scheduler;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A processor of a plugin, called on a thread of its own and not on the lane's: one that does not
 * return costs its lane no more than one that does not answer. After the limit of its hints its
 * thread is interrupted. Whatever it throws, errors included, fails the batch.
 */
final class PluginProcessor implements Processor {
    private static final Logger log = LoggerFactory.getLogger(PluginProcessor.class);

    private final String className;
    private final Processor plugin;
    private final BatchHints hints;
    private final ClassLoader classes;
    private final Scheduler scheduler;
    private final Runnable whenClosed;
    private final Executor thread;
    private final Executor timeouts;
    private final RepeatedFailure failing;
    private final AtomicBoolean asking = new AtomicBoolean();

    private boolean closed;
    private OneCall calling;
    private boolean late;
    private String refusedToOpen;
    private Optional<String> itsTrouble = Optional.empty();

    /**
     * @param whenClosed called once the plugin has returned from its {@code close}
     */
    PluginProcessor(
            String className,
            Processor plugin,
            BatchHints hints,
            ClassLoader classes,
            Scheduler scheduler,
            Runnable whenClosed) {
        this.className = className;
        this.plugin = plugin;
        this.hints = hints;
        this.classes = classes;
        this.scheduler = scheduler;
        this.whenClosed = whenClosed;
        this.thread = scheduler.serial("plugin/" + className);
        this.timeouts = scheduler.serial("plugin-timeouts/" + className);
        this.failing = RepeatedFailure.of(log, "a plugin", System::nanoTime, "plugin", className);
    }

    @Override
    public BatchHints hints() {
        return hints;
    }

    @Override
    public void open(Incarnation stream) {
        thread.execute(
                () -> {
                    try {
                        called(() -> plugin.open(stream));
                    } catch (Exception | Error thrown) {
                        told(thrown);
                        refused("It could not be opened: " + FailureText.of(thrown));
                    }
                });
    }

    private synchronized void refused(String why) {
        refusedToOpen = why;
    }

    @Override
    public CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
        Objects.requireNonNull(records, "records");
        CompletableFuture<List<Outcome>> answer = new CompletableFuture<>();
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(new IllegalStateException("it was closed"));
            }
        }
        thread.execute(() -> process(records, answer));
        return answer;
    }

    private void process(
            List<? extends SequencedRecord> records, CompletableFuture<List<Outcome>> answer) {
        String closedOrRefused = reasonNotToCall();
        if (closedOrRefused != null) {
            answer.completeExceptionally(new IllegalStateException(closedOrRefused));
            return;
        }
        try {
            called(() -> handOn(plugin.process(records), answer));
        } catch (Exception | Error thrown) {
            told(thrown);
            answer.completeExceptionally(failure(thrown));
        }
    }

    private synchronized String reasonNotToCall() {
        return closed ? "it was closed" : refusedToOpen;
    }

    private void handOn(
            CompletionStage<List<Outcome>> stage, CompletableFuture<List<Outcome>> answer) {
        if (stage == null) {
            throw new IllegalStateException("it did not answer at all");
        }
        stage.whenComplete(
                (outcomes, thrown) -> {
                    askForTrouble();
                    if (thrown == null) {
                        failing.worked();
                        answer.complete(outcomes);
                    } else {
                        told(thrown);
                        answer.completeExceptionally(failure(thrown));
                    }
                });
    }

    /** On the plugin's thread, as every call of it; one question at a time. */
    private void askForTrouble() {
        if (asking.compareAndSet(false, true)) {
            thread.execute(this::takeTrouble);
        }
    }

    private void takeTrouble() {
        asking.set(false);
        if (reasonNotToCall() != null) {
            return;
        }
        try {
            called(() -> noted(plugin.trouble()));
        } catch (Exception | Error thrown) {
            told(thrown);
        }
    }

    @Override
    public void rest() {
        thread.execute(
                () -> {
                    if (reasonNotToCall() != null) {
                        return;
                    }
                    try {
                        called(plugin::rest);
                    } catch (Exception | Error thrown) {
                        told(thrown);
                    }
                });
    }

    /** An error of a plugin is no error of ours: whoever waits hears of an exception. */
    private static RuntimeException failure(Throwable thrown) {
        return thrown instanceof RuntimeException exception
                ? exception
                : new IllegalStateException(FailureText.of(thrown), thrown);
    }

    private void told(Throwable thrown) {
        failing.failed(thrown);
    }

    private synchronized void noted(Optional<String> trouble) {
        itsTrouble = trouble == null ? Optional.empty() : trouble;
    }

    /** A call of the plugin, which may throw what it likes. */
    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    /** A call that has not returned. No two are equal. */
    private static final class OneCall {
        private final Thread thread;

        OneCall(Thread thread) {
            this.thread = thread;
        }
    }

    /** Calls the plugin on this thread; interrupts it when it does not return within its limit. */
    private void called(Call call) throws Exception {
        Thread own = Thread.currentThread();
        OneCall begun = new OneCall(own);
        ClassLoader before = own.getContextClassLoader();
        Scheduler.Cancellable timer =
                scheduler.after(hints.limit(), timeouts, () -> interrupt(begun));
        synchronized (this) {
            calling = begun;
        }
        own.setContextClassLoader(classes);
        try {
            call.run();
        } finally {
            own.setContextClassLoader(before);
            timer.cancel();
            synchronized (this) {
                calling = null;
                late = false;
            }
            Thread.interrupted(); // meant for the plugin, and the thread is not only its own
        }
    }

    /** One that has returned is not interrupted any more: its thread does something else. */
    private synchronized void interrupt(OneCall begun) {
        if (calling == begun) {
            late = true;
            begun.thread.interrupt();
        }
    }

    /** What it has told last. While it tells a trouble it is asked again, for the next time. */
    @Override
    public Optional<String> trouble() {
        Optional<String> known = knownTrouble();
        if (known.isPresent()) {
            askForTrouble();
        }
        return known;
    }

    private synchronized Optional<String> knownTrouble() {
        if (late) {
            return Optional.of(
                    "The plugin %s has not returned from a call for more than %s"
                            .formatted(className, hints.limit()));
        }
        return refusedToOpen == null ? itsTrouble : Optional.of(refusedToOpen);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        thread.execute(
                () -> {
                    try {
                        called(plugin::close);
                    } catch (Exception | Error thrown) {
                        told(thrown);
                    } finally {
                        whenClosed.run();
                    }
                });
    }
}
