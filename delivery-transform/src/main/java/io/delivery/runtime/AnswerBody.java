package io.delivery.runtime;

import io.delivery.function.InvocationResult;
import io.delivery.runtime.RuntimeExchange.BodyListener;
import io.delivery.runtime.RuntimeExchange.Trailer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The answer to an event, which is being read. Gives what it means to its function's executor. */
final class AnswerBody implements BodyListener {
    private final Call call;
    private final RuntimeExchange exchange;
    private final AnswerKind kind;
    private final Executor executor;
    private final Consumer<InvocationResult> answered;

    /**
     * @param executor of the function
     * @param answered takes what the answer means, there
     */
    AnswerBody(
            Call call,
            RuntimeExchange exchange,
            AnswerKind kind,
            Executor executor,
            Consumer<InvocationResult> answered) {
        this.call = call;
        this.exchange = exchange;
        this.kind = kind;
        this.executor = executor;
        this.answered = answered;
    }

    @Override
    public void whole(byte[] bytes, Optional<Trailer> trailer) {
        InvocationResult result = kind.result(bytes, trailer, exchange.errorType());
        executor.execute(
                () -> {
                    exchange.accepted();
                    answered.accept(result);
                });
    }

    @Override
    public void tooLarge() {
        executor.execute(
                () -> {
                    InvocationResult result = kind.tooLarge(exchange.errorType());
                    kind.refuse(exchange);
                    answered.accept(result);
                });
    }

    @Override
    public void broken() {
        // It may be said again; otherwise the process ends, or its time.
        executor.execute(
                () -> {
                    call.answering = false;
                    exchange.abandon();
                });
    }
}
