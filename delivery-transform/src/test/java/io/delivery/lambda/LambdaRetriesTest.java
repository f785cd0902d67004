package io.delivery.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.function.FunctionInvoker;
import io.delivery.function.FunctionStatus;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.processing.Outcome;
import io.delivery.record.Failure;
import io.delivery.record.Incarnation;
import io.delivery.record.SequencedRecord;
import io.delivery.testkit.FakeFunction;
import io.delivery.testkit.FakeFunction.Reply;
import io.delivery.testkit.FakeFunction.Script;
import io.delivery.testkit.SimWorld;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again and how often, what is final, and what is said of it. */
class LambdaRetriesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SimWorld sim = SimWorld.seeded(5);
    private final Map<String, Long> counted = new TreeMap<>();
    private final Map<Metric, DoubleSupplier> gauges = new TreeMap<>();

    private final Metrics metrics =
            new Metrics() {
                @Override
                public void add(Metric metric, String stream, String label, long amount) {
                    assertThat(stream).isEqualTo("clicks");
                    counted.merge(metric.metricName() + " " + label, amount, Long::sum);
                }

                @Override
                public void observe(Metric metric, String stream, long nanos) {
                    counted.merge(metric.metricName(), 1L, Long::sum);
                }

                @Override
                public void gauge(Metric metric, String stream, DoubleSupplier value) {
                    gauges.put(metric, value);
                }

                @Override
                public void remove(String stream) {}
            };

    private FakeFunction function;

    /** Replies with these, one after the other; then it works. */
    private static Script replying(Reply... replies) {
        Deque<Reply> left = new ArrayDeque<>(List.of(replies));
        return invocation ->
                left.isEmpty()
                        ? Functions.mapping(text -> text + "!").reply(invocation)
                        : left.removeFirst();
    }

    private static Reply failing(Reason reason) {
        return Reply.failure(reason, "it said why");
    }

    private LambdaProcessor processor(int retries, Script script) {
        function = new FakeFunction(sim.world().scheduler(), 2, script);
        return processor(retries, function);
    }

    private LambdaProcessor processor(int retries, FunctionInvoker invoker) {
        LambdaProcessor processor =
                new LambdaProcessor(
                        new InvocationSettings(
                                "enrich", TIMEOUT, retries, 2, 1 << 20, Duration.ZERO),
                        new EventOrigin("clicks", "arn", "r", new EventSource.DirectPut()),
                        invoker,
                        sim.world(),
                        sim.world().scheduler().pool("functions", 2),
                        metrics);
        processor.open(new Incarnation(1, 2));
        return processor;
    }

    private List<Outcome> outcomes(LambdaProcessor processor, List<SequencedRecord> records) {
        CompletableFuture<List<Outcome>> answer = processor.process(records).toCompletableFuture();
        sim.scheduler().runFor(processor.hints().limit());
        assertThat(answer).isCompleted();
        return answer.join();
    }

    private static String text(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return new String(((Outcome.Ok) outcome).data(), StandardCharsets.UTF_8);
    }

    private static Failure failure(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.ProcessingFailed.class);
        return ((Outcome.ProcessingFailed) outcome).failure();
    }

    // --- what is tried again ---

    @ParameterizedTest
    @CsvSource({
        "FUNCTION_ERROR,Lambda.FunctionError",
        "TIMED_OUT,Lambda.FunctionTimedOut",
        "TOO_MANY_INVOCATIONS,Lambda.InvokeLimitExceeded",
        "NOT_FOUND,Lambda.ResourceNotFound",
        "ACCESS_DENIED,Lambda.InvokeAccessDenied",
        "SERVICE_UNAVAILABLE,Lambda.ServiceUnavailable",
        "UNREACHABLE,Lambda.TargetServerFailedToRespond"
    })
    void an_invocation_that_fails_is_tried_again_and_then_every_record_has_failed(
            Reason reason, String code) {
        LambdaProcessor processor = processor(3, invocation -> failing(reason));

        List<Outcome> outcomes = outcomes(processor, Functions.records("a", "b"));

        assertThat(function.seen()).hasSize(4);
        for (Outcome outcome : outcomes) {
            assertThat(failure(outcome).kind()).isEqualTo(Failure.Kind.PROCESSING_FAILED);
            assertThat(failure(outcome).code()).isEqualTo(code);
            assertThat(failure(outcome).message()).endsWith(" it said why");
            assertThat(failure(outcome).attempts()).isEqualTo(4);
        }
    }

    @Test
    void the_words_of_an_error_and_of_a_time_out_begin_as_firehoses_do() {
        LambdaProcessor processor =
                processor(0, replying(failing(Reason.FUNCTION_ERROR), failing(Reason.TIMED_OUT)));

        assertThat(failure(outcomes(processor, Functions.records("a")).get(0)).message())
                .startsWith(
                        "The Lambda function was successfully invoked but it returned an error"
                                + " result.");
        assertThat(failure(outcomes(processor, Functions.records("a")).get(0)).message())
                .startsWith(
                        "The Lambda function invocation timed out. Increase the Timeout setting in"
                                + " the Lambda function.");
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"REFUSED"},
            mode = EnumSource.Mode.EXCLUDE)
    void an_invocation_that_succeeds_at_last_is_as_good_as_any(Reason reason) {
        LambdaProcessor processor =
                processor(3, replying(failing(reason), failing(reason), failing(reason)));

        List<Outcome> outcomes = outcomes(processor, Functions.records("a", "b"));

        assertThat(outcomes).extracting(LambdaRetriesTest::text).containsExactly("a!", "b!");
    }

    @Test
    void each_try_has_an_id_of_its_own_and_the_same_records() {
        LambdaProcessor processor = processor(3, invocation -> failing(Reason.FUNCTION_ERROR));

        outcomes(processor, Functions.records("a", "b"));

        List<JsonNode> events = function.seen().stream().map(Functions::event).toList();
        assertThat(events.stream().map(event -> event.get("records")).distinct()).hasSize(1);
        assertThat(events.stream().map(event -> event.get("invocationId").textValue()).distinct())
                .hasSize(4)
                .allSatisfy(id -> assertThat(UUID.fromString(id).version()).isEqualTo(4));
        assertThat(function.seen().stream().map(Invocation::requestId).toList())
                .isEqualTo(
                        events.stream()
                                .map(event -> event.get("invocationId").textValue())
                                .toList());
    }

    @Test
    void a_function_that_hangs_has_failed_after_its_time_out_for_each_try_and_short_pauses() {
        LambdaProcessor processor = processor(3, invocation -> Reply.never());
        long begun = sim.clock().nanoTime();
        CompletableFuture<Long> ended = new CompletableFuture<>();

        processor
                .process(Functions.records("a"))
                .thenRun(() -> ended.complete(sim.clock().nanoTime()));
        sim.scheduler().runFor(processor.hints().limit());

        assertThat(Duration.ofNanos(ended.join() - begun))
                .isBetween(TIMEOUT.multipliedBy(4), TIMEOUT.multipliedBy(4).plusSeconds(4));
    }

    @Test
    void none_is_tried_again_when_the_settings_say_so() {
        LambdaProcessor processor = processor(0, invocation -> failing(Reason.TIMED_OUT));

        Failure failure = failure(outcomes(processor, Functions.records("a")).get(0));

        assertThat(function.seen()).hasSize(1);
        assertThat(failure.attempts()).isEqualTo(1);
    }

    // --- what is final ---

    @ParameterizedTest
    @ValueSource(strings = {"{}", "nonsense", "{\"records\":[]}"})
    void an_answer_is_final_whatever_it_says(String answer) {
        LambdaProcessor processor = processor(3, invocation -> Reply.answer(answer));

        Failure failure = failure(outcomes(processor, Functions.records("a")).get(0));

        assertThat(function.seen()).hasSize(1);
        assertThat(failure.attempts()).isEqualTo(1);
    }

    @Test
    void an_invocation_that_is_refused_is_not_tried_again() {
        LambdaProcessor processor = processor(3, invocation -> failing(Reason.REFUSED));

        Failure failure = failure(outcomes(processor, Functions.records("a")).get(0));

        assertThat(function.seen()).hasSize(1);
        assertThat(failure.code()).isEqualTo("Lambda.InvocationFailure");
    }

    @Test
    void an_answer_behind_a_failure_tells_how_often_the_event_was_sent() {
        LambdaProcessor processor =
                processor(3, replying(failing(Reason.TIMED_OUT), Reply.answer("{}")));

        Failure failure = failure(outcomes(processor, Functions.records("a")).get(0));

        assertThat(failure.code()).isEqualTo("Lambda.MissingRecordId");
        assertThat(failure.attempts()).isEqualTo(2);
    }

    @Test
    void an_invoker_that_breaks_its_promises_loses_no_record() {
        FunctionInvoker broken =
                new FunctionInvoker() {
                    private int calls;

                    @Override
                    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
                        if (calls++ % 2 == 0) {
                            throw new IllegalStateException("thrown");
                        }
                        return CompletableFuture.failedFuture(new IllegalStateException("failed"));
                    }

                    @Override
                    public FunctionStatus status() {
                        return new FunctionStatus(1, 0, 0, Optional.empty(), Optional.empty());
                    }

                    @Override
                    public void close() {}
                };

        Failure failure = failure(outcomes(processor(3, broken), Functions.records("a")).get(0));

        assertThat(failure.code()).isEqualTo("Lambda.InternalServerError");
        assertThat(failure.attempts()).isEqualTo(4);
    }

    // --- batches that are larger than an event ---

    @Test
    void a_batch_that_does_not_fit_becomes_several_events_one_after_the_other() {
        String large = "x".repeat(2_000_000);
        LambdaProcessor processor =
                processor(
                        3,
                        invocation ->
                                Functions.mapping(text -> text.length() + "")
                                        .reply(invocation)
                                        .after(Duration.ofSeconds(1)));

        List<Outcome> outcomes = outcomes(processor, Functions.records(large, large, large, "a"));

        assertThat(outcomes)
                .extracting(LambdaRetriesTest::text)
                .containsExactly("2000000", "2000000", "2000000", "1");
        assertThat(function.seen())
                .hasSize(2)
                .allSatisfy(
                        invocation ->
                                assertThat(invocation.event().length)
                                        .isLessThanOrEqualTo(Invocation.MAX_PAYLOAD_BYTES));
    }

    @Test
    void a_record_that_alone_is_too_large_fails_and_its_neighbours_do_not() {
        LambdaProcessor processor = processor(3, Functions.mapping(text -> text + "!"));

        List<Outcome> outcomes =
                outcomes(processor, Functions.records("a", "x".repeat(5_000_000), "c"));

        assertThat(text(outcomes.get(0))).isEqualTo("a!");
        assertThat(failure(outcomes.get(1)).code()).isEqualTo("Lambda.InvocationFailure");
        assertThat(failure(outcomes.get(1)).message()).contains("6 MB");
        assertThat(text(outcomes.get(2))).isEqualTo("c!");
    }

    // --- the end ---

    @Test
    void the_end_fails_a_batch_that_waits_for_its_next_try_and_nothing_more_is_sent() {
        LambdaProcessor processor = processor(300, invocation -> failing(Reason.UNREACHABLE));
        CompletableFuture<List<Outcome>> answer =
                processor.process(Functions.records("a")).toCompletableFuture();
        sim.scheduler().runUntilIdle();
        int sent = function.seen().size();

        processor.close();
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(answer).isCompletedExceptionally();
        assertThat(function.seen()).hasSize(sent);
    }

    @Test
    void a_batch_before_the_processor_is_opened_fails() {
        LambdaProcessor unopened =
                new LambdaProcessor(
                        new InvocationSettings("f", TIMEOUT, 3, 2, 1 << 20, Duration.ZERO),
                        new EventOrigin("clicks", "arn", "r", new EventSource.DirectPut()),
                        new FakeFunction(sim.world().scheduler(), 1, replying()),
                        sim.world(),
                        Runnable::run,
                        metrics);

        assertThat(unopened.process(Functions.records("a")).toCompletableFuture())
                .isCompletedExceptionally();
    }

    // --- trouble ---

    private void process(LambdaProcessor processor, int records) {
        List<SequencedRecord> batch = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            batch.add(Functions.record(i, "r" + i));
        }
        outcomes(processor, batch);
    }

    @Test
    void a_function_that_fails_ten_records_in_a_row_is_a_trouble_until_it_works_again() {
        LambdaProcessor processor =
                processor(
                        0,
                        replying(failing(Reason.FUNCTION_ERROR), failing(Reason.FUNCTION_ERROR)));
        function.complain("KeyError: 'customer'");

        process(processor, 9);
        assertThat(processor.trouble()).isEmpty();
        process(processor, 1);
        assertThat(processor.trouble())
                .hasValue(
                        "function enrich: its last 10 records failed with Lambda.FunctionError (the"
                                + " function returned an error); its last error line: KeyError:"
                                + " 'customer'; look at the lines of function.enrich in the log,"
                                + " and try it: delivery function invoke enrich FILE");
        process(processor, 1);
        assertThat(processor.trouble()).isEmpty();
    }

    @Test
    void records_that_the_function_itself_gives_up_count_and_a_dropped_one_ends_the_row() {
        LambdaProcessor processor =
                processor(
                        0,
                        invocation -> {
                            JsonNode event = Functions.event(invocation);
                            StringBuilder records = new StringBuilder();
                            for (JsonNode record : event.get("records")) {
                                String result =
                                        Functions.text(record).equals("drop")
                                                ? "Dropped"
                                                : "ProcessingFailed";
                                records.append(records.isEmpty() ? "" : ",")
                                        .append(
                                                "{\"recordId\":%s,\"result\":\"%s\"}"
                                                        .formatted(record.get("recordId"), result));
                            }
                            return Reply.answer("{\"records\":[" + records + "]}");
                        });

        process(processor, 12);
        assertThat(processor.trouble())
                .hasValue(
                        "function enrich: its last 12 records failed with"
                                + " Lambda.ProcessingFailedStatus (the function answered"
                                + " ProcessingFailed); try it: delivery function invoke enrich"
                                + " FILE");
        outcomes(processor, Functions.records("drop", "a"));
        assertThat(processor.trouble()).isEmpty();
    }

    @Test
    void what_is_wrong_with_running_the_function_is_told_before_any_record_has_failed() {
        LambdaProcessor processor = processor(0, replying());

        function.trouble("its process has ended 5 times in a row, the last time with status 1");

        assertThat(processor.trouble())
                .hasValue(
                        "function enrich: its process has ended 5 times in a row, the last time"
                                + " with status 1; try it: delivery function invoke enrich FILE");
        processor.close();
        assertThat(processor.trouble()).isEmpty();
    }

    // --- metrics ---

    @Test
    void what_was_asked_and_answered_is_counted() {
        LambdaProcessor processor =
                processor(
                        1,
                        replying(
                                failing(Reason.TIMED_OUT),
                                Reply.answer("{}"),
                                failing(Reason.FUNCTION_ERROR),
                                failing(Reason.FUNCTION_ERROR)));

        process(processor, 3); // times out, then nothing is returned
        process(processor, 4); // fails twice
        process(processor, 5);

        assertThat(counted)
                .isEqualTo(
                        Map.of(
                                "delivery_function_invocations_total enrich", 3L,
                                "delivery_function_attempts_total enrich", 5L,
                                "delivery_function_input_records_total enrich", 12L,
                                "delivery_function_output_records_total enrich", 5L,
                                "delivery_function_failed_records_total Lambda.MissingRecordId", 3L,
                                "delivery_function_failed_records_total Lambda.FunctionError", 4L,
                                "delivery_function_seconds", 5L));
    }

    @Test
    void slots_are_shown_until_the_processor_is_closed() {
        LambdaProcessor processor = processor(0, invocation -> Reply.never());
        List<CompletionStage<List<Outcome>>> answers = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            answers.add(processor.process(Functions.records("a")));
        }
        sim.scheduler().runUntilIdle();

        assertThat(gauges.get(Metric.FUNCTION_BUSY_SLOTS).getAsDouble()).isEqualTo(2);
        assertThat(gauges.get(Metric.FUNCTION_WAITING).getAsDouble()).isEqualTo(1);
        processor.close();
        assertThat(gauges.get(Metric.FUNCTION_BUSY_SLOTS).getAsDouble()).isZero();
        assertThat(answers)
                .allSatisfy(
                        answer ->
                                assertThat(answer.toCompletableFuture())
                                        .isCompletedExceptionally());
    }
}
