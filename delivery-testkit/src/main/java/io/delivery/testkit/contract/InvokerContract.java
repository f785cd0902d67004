package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.function.FunctionInvoker;
import io.delivery.function.FunctionStatus;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link FunctionInvoker} does, shown with one function that obeys its event:
 *
 * <table>
 * <caption>Events, and what the function does</caption>
 * <tr><td>{@code {"do":"echo","text":"T"}}</td><td>answers {@code "T"}, a JSON string</td></tr>
 * <tr><td>{@code {"do":"length","text":"T"}}</td><td>answers how many characters T has, a JSON number</td></tr>
 * <tr><td>{@code {"do":"fill","size":N}}</td><td>answers a JSON string of N letters {@code x}</td></tr>
 * <tr><td>{@code {"do":"request"}}</td><td>answers the request id of its context, a JSON string</td></tr>
 * <tr><td>{@code {"do":"throw","text":"T"}}</td><td>throws an error whose message is T</td></tr>
 * <tr><td>{@code {"do":"exit"}}</td><td>ends its process with status 0 and answers nothing</td></tr>
 * <tr><td>{@code {"do":"hang"}}</td><td>never answers</td></tr>
 * <tr><td>{@code {"do":"complain","text":"T"}}</td><td>writes T and a line feed to its standard error, then answers {@code "T"}</td></tr>
 * </table>
 *
 * <p>Texts are letters, digits and hyphens. White space around an answer does not matter.
 */
@Timeout(180)
public abstract class InvokerContract {
    /** Long enough for a process to start on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration SHORT = Duration.ofSeconds(1);

    /** What a wait may take beyond what was agreed on, on a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    /** A fresh invoker of the function that may work on so many events at a time. */
    protected abstract FunctionInvoker invoker(int slots) throws Exception;

    /** Whether the function is told the request id that we give. */
    protected boolean tellsRequestIds() {
        return true;
    }

    /** Whether what the function writes to its standard error can be seen. */
    protected boolean seesErrorLines() {
        return true;
    }

    /** What an invocation fails with whose function ends in the middle. */
    protected Reason reasonOfAnEnd() {
        return Reason.FUNCTION_ERROR;
    }

    private static String event(String action, String text) {
        return "{\"do\":\"%s\",\"text\":\"%s\"}".formatted(action, text);
    }

    private static String event(String action) {
        return "{\"do\":\"%s\"}".formatted(action);
    }

    private static String fill(int size) {
        return "{\"do\":\"fill\",\"size\":%d}".formatted(size);
    }

    private static CompletableFuture<InvocationResult> start(
            FunctionInvoker invoker, String event, Duration timeout) {
        return start(invoker, UUID.randomUUID().toString(), event, timeout);
    }

    private static CompletableFuture<InvocationResult> start(
            FunctionInvoker invoker, String requestId, String event, Duration timeout) {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        return invoker.invoke(new Invocation(requestId, bytes, timeout)).toCompletableFuture();
    }

    private static InvocationResult result(CompletableFuture<InvocationResult> invocation)
            throws InterruptedException, TimeoutException {
        try {
            return invocation.get(2 * PATIENCE.toSeconds() + 10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("an invocation completes normally, whatever happens", e);
        }
    }

    private static InvocationResult invoke(FunctionInvoker invoker, String event, Duration timeout)
            throws Exception {
        return result(start(invoker, event, timeout));
    }

    private static String answer(InvocationResult result) {
        assertThat(result).isInstanceOf(Answered.class);
        return new String(((Answered) result).payload(), StandardCharsets.UTF_8).strip();
    }

    private static Failed failure(InvocationResult result) {
        assertThat(result).isInstanceOf(Failed.class);
        Failed failed = (Failed) result;
        assertThat(failed.message()).as("a sentence for people").isNotBlank();
        return failed;
    }

    private static void requireEcho(FunctionInvoker invoker, String text) throws Exception {
        assertThat(answer(invoke(invoker, event("echo", text), PATIENCE)))
                .isEqualTo("\"" + text + "\"");
    }

    private static List<CompletableFuture<InvocationResult>> hang(
            FunctionInvoker invoker, int count, Duration timeout) {
        List<CompletableFuture<InvocationResult>> invocations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            invocations.add(start(invoker, event("hang"), timeout));
        }
        return invocations;
    }

    private static void awaitStatus(FunctionInvoker invoker, int busySlots, int waiting) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            FunctionStatus status = invoker.status();
                            assertThat(status.busySlots()).as("busy slots").isEqualTo(busySlots);
                            assertThat(status.waiting()).as("waiting").isEqualTo(waiting);
                        });
    }

    // --- answers ---

    @Test
    protected void it_answers_what_the_function_answers() throws Exception {
        try (FunctionInvoker invoker = invoker(1)) {
            requireEcho(invoker, "first");
            requireEcho(invoker, "second");
        }
    }

    @Test
    protected void it_may_be_prepared_and_prepared_again() throws Exception {
        try (FunctionInvoker invoker = invoker(2)) {
            invoker.prepare();
            invoker.prepare();

            requireEcho(invoker, "prepared");
        }
    }

    @Test
    protected void each_of_many_invocations_has_its_own_answer() throws Exception {
        try (FunctionInvoker invoker = invoker(3)) {
            List<CompletableFuture<InvocationResult>> invocations = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                invocations.add(start(invoker, event("echo", "text-" + i), PATIENCE));
            }

            for (int i = 0; i < invocations.size(); i++) {
                assertThat(answer(result(invocations.get(i)))).isEqualTo("\"text-" + i + "\"");
            }
        }
    }

    @Test
    protected void the_function_is_told_the_request_id() throws Exception {
        Assumptions.assumeTrue(tellsRequestIds(), "whoever runs the function gives its own ids");
        try (FunctionInvoker invoker = invoker(1)) {
            String requestId = UUID.randomUUID().toString();

            assertThat(answer(result(start(invoker, requestId, event("request"), PATIENCE))))
                    .isEqualTo("\"" + requestId + "\"");
        }
    }

    // --- sizes ---

    @Test
    protected void an_event_as_large_as_may_be_arrives_whole() throws Exception {
        try (FunctionInvoker invoker = invoker(1)) {
            int letters = Invocation.MAX_PAYLOAD_BYTES - event("length", "").length();

            assertThat(answer(invoke(invoker, event("length", "x".repeat(letters)), PATIENCE)))
                    .isEqualTo(Integer.toString(letters));
        }
    }

    @Test
    protected void an_answer_as_large_as_may_be_comes_back_whole() throws Exception {
        try (FunctionInvoker invoker = invoker(1)) {
            int letters = Invocation.MAX_PAYLOAD_BYTES - 2; // and two quotation marks

            assertThat(answer(invoke(invoker, fill(letters), PATIENCE)))
                    .hasSize(Invocation.MAX_PAYLOAD_BYTES)
                    .matches(text -> text.startsWith("\"xxx") && text.endsWith("xxx\""));
        }
    }

    @Test
    protected void a_larger_answer_is_an_error_of_the_function_and_the_next_is_answered()
            throws Exception {
        try (FunctionInvoker invoker = invoker(1)) {
            for (int letters : new int[] {Invocation.MAX_PAYLOAD_BYTES - 1, 40 << 20}) {
                assertThat(failure(invoke(invoker, fill(letters), PATIENCE)).reason())
                        .isEqualTo(Reason.FUNCTION_ERROR);

                requireEcho(invoker, "after-the-large-one");
            }
        }
    }

    // --- failures ---

    @Test
    protected void what_the_function_throws_is_told_in_its_own_words() throws Exception {
        try (FunctionInvoker invoker = invoker(1)) {
            Failed failed = failure(invoke(invoker, event("throw", "no-such-table"), PATIENCE));

            assertThat(failed.reason()).isEqualTo(Reason.FUNCTION_ERROR);
            assertThat(failed.message()).contains("no-such-table");
            requireEcho(invoker, "after-the-error");
        }
    }

    @Test
    protected void a_function_that_ends_in_the_middle_has_failed_and_the_next_is_answered()
            throws Exception {
        try (FunctionInvoker invoker = invoker(1)) {
            requireEcho(invoker, "before-the-end");

            assertThat(failure(invoke(invoker, event("exit"), PATIENCE)).reason())
                    .isEqualTo(reasonOfAnEnd());

            requireEcho(invoker, "after-the-end");
        }
    }

    @Test
    protected void a_function_that_hangs_has_timed_out_and_the_next_is_answered() throws Exception {
        try (FunctionInvoker invoker = invoker(1)) {
            requireEcho(invoker, "it-runs");
            long begun = System.nanoTime();

            Failed failed = failure(invoke(invoker, event("hang"), SHORT));

            assertThat(failed.reason()).isEqualTo(Reason.TIMED_OUT);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(SHORT.minusMillis(100), SHORT.plus(SLACK));
            requireEcho(invoker, "after-the-time-out");
        }
    }

    // --- slots ---

    @Test
    protected void as_many_are_under_way_as_there_are_slots_and_others_wait() throws Exception {
        try (FunctionInvoker invoker = invoker(2)) {
            hang(invoker, 3, PATIENCE);

            awaitStatus(invoker, 2, 1);
            assertThat(invoker.status().slots()).isEqualTo(2);
        }
    }

    @Test
    protected void one_that_finds_no_slot_in_time_has_failed() throws Exception {
        try (FunctionInvoker invoker = invoker(1)) {
            hang(invoker, 1, PATIENCE.multipliedBy(2));
            awaitStatus(invoker, 1, 0);

            Failed failed = failure(invoke(invoker, event("echo", "late"), SHORT));

            assertThat(failed.reason()).isEqualTo(Reason.NO_SLOT);
            awaitStatus(invoker, 1, 0);
        }
    }

    @Test
    protected void slots_are_free_again_whatever_became_of_the_invocation() throws Exception {
        try (FunctionInvoker invoker = invoker(1)) {
            requireEcho(invoker, "it-runs");
            invoke(invoker, event("throw", "why"), PATIENCE);
            invoke(invoker, event("exit"), PATIENCE);
            invoke(invoker, event("hang"), SHORT);
            invoke(invoker, fill(7 << 20), PATIENCE);

            requireEcho(invoker, "still-here");

            awaitStatus(invoker, 0, 0);
        }
    }

    // --- status ---

    @Test
    protected void the_status_has_the_last_line_of_the_standard_error() throws Exception {
        Assumptions.assumeTrue(seesErrorLines(), "its standard error cannot be seen from here");
        try (FunctionInvoker invoker = invoker(1)) {
            invoke(invoker, event("complain", "early"), PATIENCE);
            invoke(invoker, event("complain", "the-table-is-gone"), PATIENCE);

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(invoker.status().lastErrorLine())
                                            .hasValueSatisfying(
                                                    line ->
                                                            assertThat(line)
                                                                    .contains(
                                                                            "the-table-is-gone")));
        }
    }

    @Test
    protected void one_that_has_done_nothing_has_a_status_without_trouble() throws Exception {
        try (FunctionInvoker invoker = invoker(4)) {
            FunctionStatus status = invoker.status();

            assertThat(status.slots()).isEqualTo(4);
            assertThat(status.busySlots()).isZero();
            assertThat(status.waiting()).isZero();
            assertThat(status.trouble()).isEmpty();
        }
    }

    // --- the end ---

    @Test
    protected void the_end_fails_what_is_under_way_and_what_waits() throws Exception {
        FunctionInvoker invoker = invoker(2);
        List<CompletableFuture<InvocationResult>> invocations =
                hang(invoker, 3, PATIENCE.multipliedBy(2));
        awaitStatus(invoker, 2, 1);
        long begun = System.nanoTime();

        invoker.close();

        for (CompletableFuture<InvocationResult> invocation : invocations) {
            failure(result(invocation));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SLACK);
    }

    @Test
    protected void after_the_end_every_invocation_fails_and_nothing_is_thrown() throws Exception {
        FunctionInvoker invoker = invoker(1);
        requireEcho(invoker, "it-runs");
        invoker.close();
        invoker.close();

        failure(invoke(invoker, event("echo", "late"), PATIENCE));

        assertThat(invoker.status().busySlots()).isZero();
        invoker(1).close(); // nothing was asked of it
    }

    @Test
    protected void the_end_may_come_at_any_moment() throws Exception {
        for (int round = 0; round < 3; round++) {
            FunctionInvoker invoker = invoker(2);
            invoker.prepare();
            List<CompletableFuture<InvocationResult>> invocations = new ArrayList<>();
            int before = ThreadLocalRandom.current().nextInt(4);
            for (int i = 0; i < before; i++) {
                invocations.add(start(invoker, event("echo", "text-" + i), PATIENCE));
            }

            invoker.close();

            for (CompletableFuture<InvocationResult> invocation : invocations) {
                result(invocation); // an answer or a failure, but not nothing
            }
        }
    }
}
