package io.delivery.wiring;

import io.delivery.config.FunctionSettings;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.function.FunctionInvoker;
import io.delivery.function.FunctionStatus;
import io.delivery.lambda.EventOrigin;
import io.delivery.lambda.EventSource;
import io.delivery.lambda.InvocationSettings;
import io.delivery.lambda.LambdaProcessor;
import io.delivery.metrics.Metrics;
import io.delivery.processing.Processor;
import io.delivery.world.World;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/** A function that is invoked with events. */
final class InvokedFunction implements MadeFunction {
    private final FunctionSettings settings;
    private final FunctionInvoker invoker;
    private final Surroundings surroundings;

    /**
     * What all of them share.
     *
     * @param work where events are written and answers are read
     * @param region in the ARNs of events
     * @param account in the ARNs of events
     */
    record Surroundings(
            World world, Executor work, Metrics metrics, String region, String account) {
        EventOrigin origin(String stream) {
            return new EventOrigin(
                    stream,
                    "arn:aws:firehose:%s:%s:deliverystream/%s".formatted(region, account, stream),
                    region,
                    new EventSource.DirectPut());
        }
    }

    InvokedFunction(FunctionSettings settings, FunctionInvoker invoker, Surroundings surroundings) {
        this.settings = settings;
        this.invoker = invoker;
        this.surroundings = surroundings;
    }

    @Override
    public Processor processor(ProcessorSettings.Lambda lambda, StreamDefinition stream) {
        Duration interval = Duration.ofSeconds(stream.buffer().intervalInSeconds());
        return new LambdaProcessor(
                InvocationSettings.of(lambda, settings, interval),
                surroundings.origin(stream.name()),
                invoker,
                surroundings.world(),
                surroundings.work(),
                surroundings.metrics());
    }

    @Override
    public Optional<FunctionStatus> status() {
        return Optional.of(invoker.status());
    }

    @Override
    public void close() {
        invoker.close();
    }
}
