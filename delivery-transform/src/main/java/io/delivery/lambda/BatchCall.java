package io.delivery.lambda;

import io.delivery.failure.FailureText;
import io.delivery.function.FunctionInvoker;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.processing.Outcome;
import io.delivery.record.SequencedRecord;
import io.delivery.world.Scheduler;
import io.delivery.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One batch on its way through the function: its records become events, one after the other, and
 * each event is sent until it has an answer or may not be sent again. Its steps run one at a time
 * on the executor for such work.
 */
final class BatchCall {
    private static final Scheduler.Cancellable NO_TIMER = () -> {};

    private final Tools tools;
    private final List<? extends SequencedRecord> records;
    private final CompletableFuture<List<Outcome>> answer = new CompletableFuture<>();
    private final List<Outcome> outcomes;
    private final AtomicReference<Scheduler.Cancellable> timer = new AtomicReference<>(NO_TIMER);
    private List<String> ids;
    private EventWriter.Event event;
    private int attempts;

    /** How often the event has found no slot in time, which is no attempt. */
    private int slotWaits;

    /** When the event was ready for its present try, on the monotonic clock. */
    private long begun;

    /**
     * What every batch of a processor is sent with.
     *
     * @param work where events are written and answers are read
     */
    record Tools(
            InvocationSettings settings,
            FunctionInvoker invoker,
            World world,
            Executor work,
            RecordNames names,
            EventWriter writer,
            AnswerReader reader,
            FunctionMeter meter,
            FailureStreak streak) {}

    BatchCall(Tools tools, List<? extends SequencedRecord> records) {
        this.tools = tools;
        this.records = records;
        this.outcomes = new ArrayList<>(records.size());
    }

    /** One outcome per record; fails with a defect or an end. */
    CompletableFuture<List<Outcome>> answer() {
        return answer;
    }

    void start() {
        next(this::begin);
    }

    /** It has no outcomes, and nothing more is sent. */
    void end(String reason) {
        answer.completeExceptionally(new IllegalStateException(reason));
        timer.getAndSet(NO_TIMER).cancel();
    }

    private void next(Runnable step) {
        try {
            tools.work.execute(() -> run(step));
        } catch (RuntimeException notTaken) {
            answer.completeExceptionally(notTaken);
        }
    }

    private void run(Runnable step) {
        if (answer.isDone()) {
            return; // it was ended
        }
        try {
            step.run();
        } catch (RuntimeException | Error defect) {
            answer.completeExceptionally(defect);
        }
    }

    private void begin() {
        ids = tools.names.of(records);
        nextEvent();
    }

    private void nextEvent() {
        while (outcomes.size() < records.size()) {
            String id = randomId();
            event = tools.writer.write(records, ids, outcomes.size(), id);
            if (event.records() > 0) {
                attempts = 0;
                slotWaits = 0;
                begun = now();
                tools.meter.invocation(event.records());
                send(id, event.bytes());
                return;
            }
            settle(List.of(new Outcome.ProcessingFailed(LambdaFailure.TOO_LARGE.after(1))));
        }
        answer.complete(outcomes);
    }

    private long now() {
        return tools.world.clock().nanoTime();
    }

    private void tryAgain() {
        begun = now();
        sendAgain();
    }

    private void sendAgain() {
        String id = randomId();
        send(id, event.with(id));
    }

    private void send(String id, byte[] bytes) {
        invoke(new Invocation(id, bytes, tools.settings.timeout()))
                .whenComplete((result, defect) -> next(() -> ended(result, defect)));
    }

    private CompletionStage<InvocationResult> invoke(Invocation invocation) {
        try {
            return tools.invoker.invoke(invocation);
        } catch (RuntimeException defect) {
            return CompletableFuture.failedFuture(defect);
        }
    }

    /** A random UUID, version 4. */
    private String randomId() {
        long high = tools.world.entropy().nextLong() & 0xFFFFFFFFFFFF0FFFL | 0x4000L;
        long low = tools.world.entropy().nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    private void ended(InvocationResult result, Throwable defect) {
        if (result instanceof InvocationResult.Failed failed && failed.reason() == Reason.NO_SLOT) {
            noSlot(failed);
        } else {
            attempts++;
            tools.meter.attempt(now() - begun);
            answered(result, defect);
        }
    }

    /** The function was not asked: the event goes on waiting, up to a limit. */
    private void noSlot(InvocationResult.Failed failed) {
        slotWaits++;
        if (slotWaits < tools.settings.slotWaits()) {
            sendAgain();
        } else {
            giveUp(LambdaFailure.of(failed.reason()), failed.message(), failed.code());
        }
    }

    private void answered(InvocationResult result, Throwable defect) {
        if (defect != null) {
            failed(LambdaFailure.DEFECT, FailureText.of(defect), Optional.empty());
        } else if (result instanceof InvocationResult.Answered answered) {
            List<String> sent = ids.subList(outcomes.size(), outcomes.size() + event.records());
            settle(tools.reader.read(answered.payload(), sent, attempts));
            nextEvent();
        } else if (result instanceof InvocationResult.Failed failed) {
            failed(LambdaFailure.of(failed.reason()), failed.message(), failed.code());
        } else {
            throw new IllegalStateException("a result that is not known: " + result);
        }
    }

    private void failed(LambdaFailure failure, String words, Optional<String> code) {
        if (failure.repeated() && attempts <= tools.settings.retries()) {
            pause();
            return;
        }
        giveUp(failure, words, code);
    }

    private void giveUp(LambdaFailure failure, String words, Optional<String> code) {
        Outcome failed =
                new Outcome.ProcessingFailed(failure.after(Math.max(1, attempts), words, code));
        settle(Collections.nCopies(event.records(), failed));
        nextEvent();
    }

    private void pause() {
        double chance = tools.world.entropy().nextDouble();
        timer.set(
                tools.world
                        .scheduler()
                        .after(
                                tools.settings.pause(attempts, chance),
                                tools.work,
                                () -> run(this::tryAgain)));
        if (answer.isDone()) {
            timer.getAndSet(NO_TIMER).cancel(); // it was ended meanwhile
        }
    }

    private void settle(List<Outcome> known) {
        outcomes.addAll(known);
        tools.meter.outcomes(known);
        tools.streak.add(known);
    }
}
