package io.delivery.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.metrics.Metrics;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.testkit.FakeFunction;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.contract.ProcessorContract;
import java.time.Duration;

class LambdaProcessorTest extends ProcessorContract {
    private final SimWorld sim = SimWorld.seeded(11);

    @Override
    protected Processor processor() {
        InvocationSettings settings =
                new InvocationSettings(
                        "enrich", Duration.ofSeconds(60), 3, 2, 1 << 20, Duration.ofSeconds(60));
        EventOrigin origin =
                new EventOrigin("clicks", "arn", "us-east-1", new EventSource.DirectPut());
        FakeFunction function =
                new FakeFunction(
                        sim.world().scheduler(),
                        2,
                        invocation ->
                                Functions.mapping(text -> text + "!")
                                        .reply(invocation)
                                        .after(Duration.ofMillis(sim.chance().below(500))));
        return new LambdaProcessor(
                settings,
                origin,
                function,
                sim.world(),
                sim.world().scheduler().pool("functions", 2),
                Metrics.NONE);
    }

    @Override
    protected void pass(Duration time) {
        sim.scheduler().runFor(time);
    }

    @Override
    protected String record(int number) {
        return "record " + number;
    }

    @Override
    protected void requireOutcomeOf(String record, Outcome outcome) {
        requireKind(outcome, Outcome.Ok.class);
        assertThat(text((Outcome.Ok) outcome)).isEqualTo(record + "!");
    }
}
