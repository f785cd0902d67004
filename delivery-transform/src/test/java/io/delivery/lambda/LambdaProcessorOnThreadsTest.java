package io.delivery.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.machine.SystemClock;
import io.delivery.machine.ThreadScheduler;
import io.delivery.metrics.Metrics;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.Incarnation;
import io.delivery.testkit.FakeFunction;
import io.delivery.testkit.FakeFunction.Reply;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.contract.ProcessorContract;
import io.delivery.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same on real threads: steps of several batches run at once. */
class LambdaProcessorOnThreadsTest extends ProcessorContract {
    private final ThreadScheduler scheduler = new ThreadScheduler();
    private final SimEntropy chance = new SimEntropy(3);
    private final World world =
            new World(new SystemClock(), SimWorld.seeded(1).world().disk(), scheduler, chance);

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Override
    protected Processor processor() {
        return new LambdaProcessor(
                new InvocationSettings(
                        "enrich", Duration.ofSeconds(30), 3, 4, 1 << 20, Duration.ZERO),
                new EventOrigin("clicks", "arn", "us-east-1", new EventSource.DirectPut()),
                new FakeFunction(
                        scheduler,
                        4,
                        invocation -> {
                            Reply reply = Functions.mapping(text -> text + "!").reply(invocation);
                            return reply.after(Duration.ofMillis(chance.below(3)));
                        }),
                world,
                scheduler.pool("functions", 3),
                Metrics.NONE);
    }

    /** The time of the contract is that of its hints; here answers come within milliseconds. */
    @Override
    protected void pass(Duration time) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        scheduler.after(Duration.ofMillis(10), Runnable::run, () -> over.complete(null));
        over.join();
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

    @Test
    void each_of_many_batches_at_once_has_its_own_outcomes_and_none_is_left_at_the_end()
            throws Exception {
        for (int round = 0; round < 20; round++) {
            Processor processor = processor();
            processor.open(new Incarnation(1, 2));
            List<CompletableFuture<List<Outcome>>> answers = new ArrayList<>();
            for (int batch = 0; batch < 50; batch++) {
                answers.add(
                        processor
                                .process(Functions.records("a" + batch, "b" + batch))
                                .toCompletableFuture());
            }
            if (round % 2 == 1) {
                answers.get(chance.below(answers.size())).get(30, TimeUnit.SECONDS);
                processor.close();
            }
            for (int batch = 0; batch < answers.size(); batch++) {
                String suffix = batch + "!";
                List<Outcome> outcomes =
                        answers.get(batch)
                                .handle((known, ended) -> known)
                                .get(30, TimeUnit.SECONDS);
                if (outcomes == null) {
                    assertThat(round % 2).as("a batch fails only at the end").isEqualTo(1);
                } else {
                    assertThat(outcomes)
                            .extracting(outcome -> text((Outcome.Ok) outcome))
                            .containsExactly("a" + suffix, "b" + suffix);
                }
            }
            processor.close();
        }
    }
}
