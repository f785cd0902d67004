package io.delivery.invoke;

import io.delivery.failure.FailureText;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.world.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * So many invocations at a time, each on a thread; others wait, first come first served. One that
 * finds no slot within its time-out has failed, and one that takes longer is ended. Its slot is
 * free again when its thread is. Thread-safe.
 */
final class InvocationSlots implements AutoCloseable {
    private final int slots;
    private final Scheduler scheduler;
    private final Executor threads;
    private final Executor timeouts;
    private final Call call;
    private final Deque<Ticket> waiting = new ArrayDeque<>();
    private final Set<Ticket> busy = new LinkedHashSet<>();
    private boolean closed;

    /** Sends an invocation and waits for its answer; whatever it throws is a failure of ours. */
    @FunctionalInterface
    interface Call {
        InvocationResult answer(Invocation invocation, Ongoing ongoing);
    }

    /** One invocation on its way. */
    private static final class Ticket {
        private final Invocation invocation;
        private final CompletableFuture<InvocationResult> result = new CompletableFuture<>();
        private final Ongoing ongoing = new Ongoing();
        private Scheduler.Cancellable timer;

        Ticket(Invocation invocation) {
            this.invocation = invocation;
        }
    }

    InvocationSlots(String function, int slots, Scheduler scheduler, Call call) {
        this.slots = slots;
        this.scheduler = scheduler;
        this.threads = scheduler.pool("function/" + function, slots);
        this.timeouts = scheduler.serial("function-timeouts/" + function);
        this.call = call;
    }

    CompletionStage<InvocationResult> invoke(Invocation invocation) {
        Ticket ticket = new Ticket(invocation);
        boolean late;
        synchronized (this) {
            late = closed;
            if (!late) {
                ticket.timer =
                        scheduler.after(invocation.timeout(), timeouts, () -> noSlotInTime(ticket));
                waiting.addLast(ticket);
                fill();
            }
        }
        if (late) {
            ticket.result.complete(closedNow());
        }
        return ticket.result;
    }

    private static Failed closedNow() {
        return new Failed(Reason.FUNCTION_ERROR, "The function was closed");
    }

    private void noSlotInTime(Ticket ticket) {
        synchronized (this) {
            if (!waiting.remove(ticket)) {
                return; // a slot took it meanwhile
            }
        }
        ticket.result.complete(
                new Failed(
                        Reason.NO_SLOT,
                        "None of the %d slots became free within %s"
                                .formatted(slots, seconds(ticket.invocation.timeout()))));
    }

    /** Called with the lock held. */
    private void fill() {
        while (busy.size() < slots && !waiting.isEmpty()) {
            Ticket ticket = waiting.removeFirst();
            ticket.timer.cancel();
            busy.add(ticket);
            ticket.timer =
                    scheduler.after(
                            ticket.invocation.timeout(), timeouts, () -> noAnswerInTime(ticket));
            threads.execute(() -> run(ticket));
        }
    }

    private void noAnswerInTime(Ticket ticket) {
        String time = seconds(ticket.invocation.timeout());
        ticket.result.complete(new Failed(Reason.TIMED_OUT, "No answer came within " + time));
        ticket.ongoing.end();
    }

    private void run(Ticket ticket) {
        InvocationResult result;
        try {
            result = call.answer(ticket.invocation, ticket.ongoing);
        } catch (RuntimeException | Error defect) {
            result = new Failed(Reason.FUNCTION_ERROR, FailureText.of(defect));
        }
        synchronized (this) {
            ticket.timer.cancel();
            busy.remove(ticket);
            fill();
        }
        ticket.result.complete(result);
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    synchronized int busy() {
        return busy.size();
    }

    synchronized int waiting() {
        return waiting.size();
    }

    int count() {
        return slots;
    }

    /** Fails what waits and what is under way. May be called again. */
    @Override
    public void close() {
        List<Ticket> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            left.addAll(waiting);
            left.addAll(busy);
            waiting.clear();
            left.forEach(ticket -> ticket.timer.cancel());
        }
        for (Ticket ticket : left) {
            ticket.result.complete(closedNow());
            ticket.ongoing.end();
        }
    }
}
