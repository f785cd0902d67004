package io.delivery.testkit;

import io.delivery.function.FunctionInvoker;
import io.delivery.function.FunctionStatus;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.world.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A function that a test writes down: what it answers, and how long it takes. It has slots, a queue
 * in front of them and time-outs as real ones have. Runs on the scheduler that it is given, so on
 * real threads as well as in a simulated world.
 */
public final class FakeFunction implements FunctionInvoker {
    private final Scheduler scheduler;
    private final Executor executor;
    private final int slots;
    private final Script script;
    private final List<Invocation> seen = new ArrayList<>();
    private final Deque<Call> waiting = new ArrayDeque<>();
    private final List<Call> busy = new ArrayList<>();
    private Optional<String> trouble = Optional.empty();
    private Optional<String> lastErrorLine = Optional.empty();
    private boolean closed;

    /** What the function does with an event. Called when a slot has taken it. */
    @FunctionalInterface
    public interface Script {
        Reply reply(Invocation invocation);
    }

    /**
     * What becomes of an invocation.
     *
     * @param after how long it takes
     * @param result empty: it never answers
     */
    public record Reply(Duration after, Optional<InvocationResult> result) {
        /** This answer, at once. */
        public static Reply answer(String json) {
            return answer(json.getBytes(StandardCharsets.UTF_8));
        }

        /** This answer, at once. */
        public static Reply answer(byte[] payload) {
            return new Reply(Duration.ZERO, Optional.of(new InvocationResult.Answered(payload)));
        }

        /** No answer, at once. */
        public static Reply failure(Reason reason, String message) {
            return new Reply(Duration.ZERO, Optional.of(new Failed(reason, message)));
        }

        /** Nothing, ever. */
        public static Reply never() {
            return new Reply(Duration.ZERO, Optional.empty());
        }

        /** The same, but later. */
        public Reply after(Duration time) {
            return new Reply(time, result);
        }
    }

    /** One invocation on its way. */
    private static final class Call {
        private final Invocation invocation;
        private final CompletableFuture<InvocationResult> result = new CompletableFuture<>();
        private final List<Scheduler.Cancellable> timers = new ArrayList<>();

        Call(Invocation invocation) {
            this.invocation = invocation;
        }

        void cancelTimers() {
            timers.forEach(Scheduler.Cancellable::cancel);
            timers.clear();
        }
    }

    public FakeFunction(Scheduler scheduler, int slots, Script script) {
        this.scheduler = scheduler;
        this.executor = scheduler.serial("fake function");
        this.slots = slots;
        this.script = script;
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        Objects.requireNonNull(invocation, "invocation");
        Call call = new Call(invocation);
        synchronized (this) {
            if (!closed) {
                waiting.addLast(call);
                call.timers.add(
                        scheduler.after(
                                invocation.timeout(),
                                executor,
                                () ->
                                        end(
                                                call,
                                                new Failed(
                                                        Reason.NO_SLOT,
                                                        "No slot was free in time"))));
                executor.execute(this::fillSlots);
                return call.result;
            }
        }
        call.result.complete(closedNow());
        return call.result;
    }

    private static Failed closedNow() {
        return new Failed(Reason.FUNCTION_ERROR, "The function was closed");
    }

    private synchronized void fillSlots() {
        while (busy.size() < slots && !waiting.isEmpty()) {
            Call call = waiting.removeFirst();
            call.cancelTimers();
            busy.add(call);
            seen.add(call.invocation);
            Duration timeout = call.invocation.timeout();
            call.timers.add(
                    scheduler.after(
                            timeout,
                            executor,
                            () ->
                                    end(
                                            call,
                                            new Failed(
                                                    Reason.TIMED_OUT,
                                                    "No answer within " + timeout))));
            Reply reply = script.reply(call.invocation);
            reply.result()
                    .ifPresent(
                            result ->
                                    call.timers.add(
                                            scheduler.after(
                                                    reply.after(),
                                                    executor,
                                                    () -> end(call, bounded(result)))));
        }
    }

    private static InvocationResult bounded(InvocationResult result) {
        return result instanceof InvocationResult.Answered answered
                        && answered.payload().length > Invocation.MAX_PAYLOAD_BYTES
                ? new Failed(Reason.FUNCTION_ERROR, "The function answered more than 6 MB")
                : result;
    }

    private void end(Call call, InvocationResult result) {
        synchronized (this) {
            if (!waiting.remove(call) && !busy.remove(call)) {
                return; // it has ended in another way
            }
            call.cancelTimers();
            executor.execute(this::fillSlots);
        }
        call.result.complete(result);
    }

    /** The invocations that a slot has taken, in that order. */
    public synchronized List<Invocation> seen() {
        return List.copyOf(seen);
    }

    /** Its status tells this trouble from now on; null: none. */
    public synchronized void trouble(String sentence) {
        trouble = Optional.ofNullable(sentence);
    }

    /** It writes a line to its standard error. */
    public synchronized void complain(String line) {
        lastErrorLine = Optional.of(line);
    }

    @Override
    public synchronized FunctionStatus status() {
        return new FunctionStatus(slots, busy.size(), waiting.size(), trouble, lastErrorLine);
    }

    @Override
    public void close() {
        List<Call> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            left.addAll(waiting);
            left.addAll(busy);
            waiting.clear();
            busy.clear();
            left.forEach(Call::cancelTimers);
        }
        left.forEach(call -> call.result.complete(closedNow()));
    }
}
