package io.delivery.lambda;

import io.delivery.function.FunctionInvoker;
import io.delivery.function.FunctionStatus;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.processing.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;

/** Counts what a stream's function is asked and answers. Thread-safe. */
final class FunctionMeter {
    private final Metrics metrics;
    private final String stream;
    private final String function;

    FunctionMeter(Metrics metrics, String stream, String function) {
        this.metrics = metrics;
        this.stream = stream;
        this.function = function;
    }

    /**
     * Shows the function's slots from now on.
     *
     * @param closed then it has none
     */
    void watch(FunctionInvoker invoker, AtomicBoolean closed) {
        gauge(Metric.FUNCTION_BUSY_SLOTS, invoker, closed, FunctionStatus::busySlots);
        gauge(Metric.FUNCTION_WAITING, invoker, closed, FunctionStatus::waiting);
    }

    private void gauge(
            Metric metric,
            FunctionInvoker invoker,
            AtomicBoolean closed,
            ToIntFunction<FunctionStatus> value) {
        metrics.gauge(metric, stream, () -> closed.get() ? 0 : value.applyAsInt(invoker.status()));
    }

    /** An event was made of so many records. */
    void invocation(int records) {
        metrics.add(Metric.FUNCTION_INVOCATIONS, stream, function, 1);
        metrics.add(Metric.FUNCTION_INPUT_RECORDS, stream, function, records);
    }

    /**
     * What became of an event is known that was sent, once more or for the first time.
     *
     * @param nanos since it was ready to be sent
     */
    void attempt(long nanos) {
        metrics.add(Metric.FUNCTION_ATTEMPTS, stream, function, 1);
        metrics.observe(Metric.FUNCTION_SECONDS, stream, nanos);
    }

    void outcomes(List<Outcome> outcomes) {
        long passed = 0;
        Map<String, Long> failed = new HashMap<>();
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Ok) {
                passed++;
            } else if (outcome instanceof Outcome.ProcessingFailed failure) {
                failed.merge(failure.failure().code(), 1L, Long::sum);
            }
        }
        if (passed > 0) {
            metrics.add(Metric.FUNCTION_OUTPUT_RECORDS, stream, function, passed);
        }
        failed.forEach(
                (code, records) ->
                        metrics.add(Metric.FUNCTION_FAILED_RECORDS, stream, code, records));
    }
}
