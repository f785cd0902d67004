package io.delivery.runtime;

import io.delivery.function.InvocationResult;
import io.delivery.runtime.Worker.Phase;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * What one process says to its Runtime API, brought to its function's executor. What it must not
 * say at that time is refused; the function hears of the rest.
 */
final class WorkerCalls implements RuntimeCalls {
    /** What has told that it cannot work has this long to end by itself. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Worker worker;
    private final Executor executor;
    private final Scheduler scheduler;
    private final Listener listener;

    /** The function. It is told on its executor. */
    interface Listener {
        /** The process asks for an event, and may have one more. */
        void asks(Worker worker, RuntimeExchange exchange);

        /** The process has answered an event; the event may have ended in another way before. */
        void answered(Worker worker, Call call, InvocationResult result);

        /** The process has told why it cannot work, and has had a moment to end by itself. */
        void cannotWork(Worker worker, String why);
    }

    /**
     * @param executor of the function
     */
    WorkerCalls(Worker worker, Executor executor, Scheduler scheduler, Listener listener) {
        this.worker = worker;
        this.executor = executor;
        this.scheduler = scheduler;
        this.listener = listener;
    }

    @Override
    public void next(RuntimeExchange exchange) {
        executor.execute(() -> asks(exchange));
    }

    @Override
    public void response(String requestId, RuntimeExchange exchange) {
        executor.execute(() -> findAndRead(requestId, exchange, AnswerKind.RESPONSE));
    }

    @Override
    public void error(String requestId, RuntimeExchange exchange) {
        executor.execute(() -> findAndRead(requestId, exchange, AnswerKind.ERROR));
    }

    @Override
    public void initError(RuntimeExchange exchange) {
        executor.execute(() -> cannotWork(exchange));
    }

    private void asks(RuntimeExchange exchange) {
        if (worker.is(Phase.ENDED)) {
            exchange.refuse(410, "Runtime.Ended", "This process gets no more events");
        } else if (worker.isFull()) {
            exchange.refuse(
                    403,
                    "InvalidStateTransition",
                    "An event has no answer yet: answer it before asking for the next");
        } else {
            listener.asks(worker, exchange);
        }
    }

    private void findAndRead(String requestId, RuntimeExchange exchange, AnswerKind kind) {
        Optional<Call> found = worker.call(requestId);
        if (found.isEmpty()) {
            exchange.refuse(400, "InvalidRequestID", "This process has no event with that id");
        } else if (found.get().answering) {
            exchange.refuse(403, "InvalidStateTransition", "This event has an answer");
        } else {
            Call call = found.get();
            call.answering = true;
            exchange.readBody(
                    kind.maxBytes(),
                    new AnswerBody(
                            call,
                            exchange,
                            kind,
                            executor,
                            result -> listener.answered(worker, call, result)));
        }
    }

    private void cannotWork(RuntimeExchange exchange) {
        if (!worker.is(Phase.STARTING) || worker.isReporting()) {
            exchange.refuse(
                    403,
                    "InvalidStateTransition",
                    "This process has asked for events already, or has told an error");
            return;
        }
        worker.beginsReport();
        exchange.readReport(
                FunctionWords.MAX_REPORT_BYTES,
                FunctionWords.LONG_REPORT,
                report -> {
                    String why = FunctionWords.error(report, exchange.errorType());
                    executor.execute(() -> told(exchange, why));
                });
    }

    private void told(RuntimeExchange exchange, String why) {
        exchange.acceptedAndEnded();
        worker.reports(why);
        scheduler.after(LAST_WORDS, executor, () -> listener.cannotWork(worker, why));
    }
}
