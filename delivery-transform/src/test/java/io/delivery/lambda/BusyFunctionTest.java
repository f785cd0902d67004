package io.delivery.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.function.FunctionInvoker;
import io.delivery.function.FunctionStatus;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.metrics.Metrics;
import io.delivery.processing.Outcome;
import io.delivery.record.Failure;
import io.delivery.record.Incarnation;
import io.delivery.testkit.FakeFunction;
import io.delivery.testkit.FakeFunction.Script;
import io.delivery.testkit.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of events that find no slot, and of those that AWS Lambda itself refuses. */
class BusyFunctionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SimWorld sim = SimWorld.seeded(5);

    private LambdaProcessor processor(int retries, FunctionInvoker invoker) {
        LambdaProcessor processor =
                new LambdaProcessor(
                        new InvocationSettings(
                                "enrich", TIMEOUT, retries, 2, 1 << 20, Duration.ZERO),
                        new EventOrigin("clicks", "arn", "r", new EventSource.DirectPut()),
                        invoker,
                        sim.world(),
                        sim.world().scheduler().pool("functions", 2),
                        Metrics.NONE);
        processor.open(new Incarnation(1, 2));
        return processor;
    }

    private FakeFunction function(Script script) {
        return new FakeFunction(sim.world().scheduler(), 1, script);
    }

    @Test
    void events_that_wait_for_a_slot_of_a_function_that_works_do_not_fail() {
        FakeFunction shared =
                function(
                        invocation ->
                                Functions.mapping(text -> text + "!")
                                        .reply(invocation)
                                        .after(Duration.ofSeconds(9)));
        List<CompletableFuture<List<Outcome>>> answers = new ArrayList<>();

        for (int i = 0; i < 30; i++) {
            answers.add(processor(0, shared).process(Functions.records("a")).toCompletableFuture());
        }
        sim.scheduler().runFor(Duration.ofSeconds(30 * 9 + 60));

        assertThat(answers)
                .allSatisfy(
                        answer ->
                                assertThat(answer.join())
                                        .hasSize(1)
                                        .hasOnlyElementsOfType(Outcome.Ok.class));
        assertThat(shared.seen()).hasSize(30);
    }

    @Test
    void an_event_that_finds_no_slot_fails_within_the_limit_and_was_tried_once() {
        FunctionInvoker full =
                new FunctionInvoker() {
                    @Override
                    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
                        CompletableFuture<InvocationResult> result = new CompletableFuture<>();
                        sim.world()
                                .scheduler()
                                .after(
                                        invocation.timeout(),
                                        Runnable::run,
                                        () ->
                                                result.complete(
                                                        new Failed(Reason.NO_SLOT, "all busy")));
                        return result;
                    }

                    @Override
                    public FunctionStatus status() {
                        return new FunctionStatus(1, 1, 1, Optional.empty(), Optional.empty());
                    }

                    @Override
                    public void close() {}
                };
        LambdaProcessor processor = processor(3, full);

        CompletableFuture<List<Outcome>> answer =
                processor.process(Functions.records("a")).toCompletableFuture();
        sim.scheduler().runFor(Duration.ofMinutes(14));
        assertThat(answer).isNotDone();
        sim.scheduler().runFor(processor.hints().limit().minusMinutes(14));

        Failure failure = ((Outcome.ProcessingFailed) answer.join().get(0)).failure();
        assertThat(failure.code()).isEqualTo("Lambda.InvokeLimitExceeded");
        assertThat(failure.attempts()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "SERVICE_UNAVAILABLE, ENILimitReachedException, Lambda.ENILimitReachedException",
        "SERVICE_UNAVAILABLE, InvalidZipFileException, Lambda.InvalidZipFileException",
        "SERVICE_UNAVAILABLE, InvalidSubnetIDException, Lambda.InvalidSubnetIDException",
        "SERVICE_UNAVAILABLE, ResourceConflictException, Lambda.ServiceUnavailable",
        "REFUSED, RequestTooLargeException, Lambda.InvocationFailure"
    })
    void a_code_of_aws_lambda_that_firehose_has_is_the_code_of_the_records(
            Reason reason, String said, String code) {
        Failed refusal = new Failed(reason, "it said why", Optional.of(said));
        LambdaProcessor processor =
                processor(
                        0,
                        function(
                                invocation ->
                                        new FakeFunction.Reply(
                                                Duration.ZERO, Optional.of(refusal))));

        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            texts.add("r" + i);
        }
        CompletableFuture<List<Outcome>> answer =
                processor
                        .process(Functions.records(texts.toArray(String[]::new)))
                        .toCompletableFuture();
        sim.scheduler().runFor(TIMEOUT);

        Failure failure = ((Outcome.ProcessingFailed) answer.join().get(0)).failure();
        assertThat(failure.code()).isEqualTo(code);
        assertThat(processor.trouble().orElseThrow()).contains(code + " (what runs the function");
    }
}
