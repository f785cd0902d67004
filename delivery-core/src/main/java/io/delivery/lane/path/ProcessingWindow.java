package io.delivery.lane.path;

import io.delivery.buffer.MemoryBudget;
import io.delivery.failure.FailureText;
import io.delivery.processing.BatchHints;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import io.delivery.world.Scheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The parts that are with the processors of a lane: a bounded number, whose bytes the memory budget
 * counts. Each processor gets batches as its {@link BatchHints} ask for, up to {@code concurrency}
 * at a time; their outcomes are taken in log order, whichever is answered first. Belongs to its
 * lane's executor.
 *
 * <p>A batch that is not answered within the processor's limit has failed. Nothing waits longer.
 */
public final class ProcessingWindow {
    private final List<Stage> stages = new ArrayList<>();
    private final Scheduler scheduler;
    private final Executor executor;
    private final MemoryBudget memory;
    private final Runnable answered;
    private final Deque<Part> through = new ArrayDeque<>(1);
    private final long mostParts;
    private final long mostBytes;

    private long parts;
    private long bytes;

    /** What processors take beside the parts, for the batches that they have. */
    private long workingBytes;

    private boolean draining;
    private boolean abandoned;

    /**
     * @param processors in the order in which they run; none: nothing may be added
     * @param mostRecords no batch has more records, whatever a processor asks for
     * @param executor the lane's
     * @param answered called on the lane's executor when {@link #next} has parts to give
     */
    public ProcessingWindow(
            List<Processor> processors,
            int mostRecords,
            Scheduler scheduler,
            Executor executor,
            MemoryBudget memory,
            Runnable answered) {
        this.scheduler = scheduler;
        this.executor = executor;
        this.memory = memory;
        this.answered = answered;
        long partsSum = 0;
        long bytesSum = 0;
        for (Processor processor : processors) {
            Stage stage = new Stage(processor, processor.hints().atMost(mostRecords));
            partsSum += (stage.hints.concurrency() + 1L) * stage.hints.records();
            long batchBytes = stage.hints.bytes() + Part.OBJECT_BYTES * stage.hints.records();
            bytesSum += (stage.hints.concurrency() + 1L) * batchBytes;
            if (!stages.isEmpty()) {
                stages.get(stages.size() - 1).next = stage;
            }
            stages.add(stage);
        }
        this.mostParts = partsSum;
        this.mostBytes = bytesSum;
    }

    /** Whether parts pass processors at all. */
    public boolean processes() {
        return !stages.isEmpty();
    }

    /** Parts that were added and not given back: for the books. */
    public long parts() {
        return parts;
    }

    /** Whether nothing may be added until some of it was given back. */
    public boolean full() {
        return parts > 0 && (parts >= mostParts || bytes >= mostBytes);
    }

    /**
     * Adds a copy of a part, behind all others.
     *
     * @param entered the part as the error output shows it
     */
    public void add(SequencedRecord record, SequencedRecord entered) {
        Part part = new Part(record, entered);
        parts++;
        hold(part.heapBytes());
        draining = false;
        stages.get(0).add(part);
    }

    /** What was added is all for the moment: batches that do not wait for more are sent. */
    public void stepEnded() {
        for (Stage stage : stages) {
            if (stage.hints.interval().isZero()) {
                stage.due = true;
            }
            stage.send();
        }
        sendWhatKeepsItFull();
    }

    /**
     * Sends what waits for others when none can come: the window is full, and no answer is awaited
     * that would make room. That happens behind a processor that makes records smaller.
     */
    private void sendWhatKeepsItFull() {
        if (full() && through.isEmpty() && stages.stream().allMatch(it -> it.running == 0)) {
            for (Stage stage : stages) {
                stage.due = !stage.waiting.isEmpty();
                stage.send();
            }
        }
    }

    /** No batch waits for more parts, until the next one is added. */
    public void drain() {
        draining = true;
        stages.forEach(Stage::send);
    }

    /** The next part, in log order, that all processors have seen or one has decided; or null. */
    public Part next() {
        Part part = through.pollFirst();
        if (part != null) {
            parts--;
            hold(-part.heapBytes());
        }
        return part;
    }

    /** Whatever is answered from now on is ignored: the parts will be read again. */
    public void abandon() {
        abandoned = true;
        stages.forEach(Stage::abandon);
        through.clear();
        parts = 0;
        hold(-bytes);
        work(-workingBytes);
    }

    private void hold(long change) {
        bytes += change;
        memory.reserve(change);
    }

    private void work(long change) {
        workingBytes += change;
        memory.reserve(change);
    }

    /** Parts that were given to a processor together. */
    private static final class Batch {
        private final List<Part> parts = new ArrayList<>();
        private long recordBytes;
        private long workingBytes;
        private Scheduler.Cancellable timer = () -> {};
        private boolean answered;
    }

    /** One processor, and what waits for it or is with it. */
    private final class Stage {
        private final Processor processor;
        private final BatchHints hints;
        private final Deque<Part> waiting = new ArrayDeque<>();
        private final Deque<Batch> sent = new ArrayDeque<>();
        private Stage next;
        private long waitingBytes;
        private int running;
        private boolean due;
        private Scheduler.Cancellable timer = () -> {};

        Stage(Processor processor, BatchHints hints) {
            this.processor = processor;
            this.hints = hints;
        }

        void add(Part part) {
            if (waiting.isEmpty() && !hints.interval().isZero()) {
                timer.cancel();
                timer = scheduler.after(hints.interval(), executor, this::intervalOver);
            }
            waiting.addLast(part);
            waitingBytes += part.length();
            if (isBatchFull()) {
                send(); // otherwise others that come with it join the batch
            }
        }

        private void intervalOver() {
            due = !waiting.isEmpty();
            send();
        }

        void send() {
            while (!abandoned && running < hints.concurrency() && mayBeSent()) {
                send(takeBatch());
            }
            due &= !waiting.isEmpty();
        }

        private boolean mayBeSent() {
            return !waiting.isEmpty() && (due || draining || isBatchFull());
        }

        private boolean isBatchFull() {
            return waiting.size() >= hints.records() || waitingBytes >= hints.bytes();
        }

        private Batch takeBatch() {
            Batch batch = new Batch();
            while (!waiting.isEmpty()
                    && batch.parts.size() < hints.records()
                    && (batch.parts.isEmpty()
                            || batch.recordBytes + waiting.peekFirst().length() <= hints.bytes())) {
                Part part = waiting.removeFirst();
                batch.recordBytes += part.length();
                waitingBytes -= part.length();
                batch.parts.add(part);
            }
            return batch;
        }

        private void send(Batch batch) {
            running++;
            batch.workingBytes = processor.workingBytes(batch.parts.size(), batch.recordBytes);
            work(batch.workingBytes);
            sent.addLast(batch);
            batch.timer = scheduler.after(hints.limit(), executor, () -> timedOut(batch));
            ask(batch)
                    .whenComplete(
                            (outcomes, failure) ->
                                    executor.execute(() -> answered(batch, outcomes, failure)));
        }

        private CompletionStage<List<Outcome>> ask(Batch batch) {
            try {
                CompletionStage<List<Outcome>> answer =
                        processor.process(Collections.unmodifiableList(batch.parts));
                return answer != null
                        ? answer
                        : CompletableFuture.failedFuture(
                                new IllegalStateException("it did not answer at all"));
            } catch (RuntimeException | Error defect) { // a plugin may lack a class, or recurse
                return CompletableFuture.failedFuture(defect);
            }
        }

        private void timedOut(Batch batch) {
            if (!abandoned && !batch.answered) {
                ended(batch, "The processor did not answer within " + hints.limit());
            }
        }

        private void answered(Batch batch, List<Outcome> outcomes, Throwable failure) {
            if (abandoned || batch.answered) {
                return; // its parts are read again, or have failed for want of an answer
            }
            if (failure != null) {
                ended(batch, "The processor failed: " + FailureText.of(failure));
            } else if (outcomes == null
                    || outcomes.size() != batch.parts.size()
                    || outcomes.stream().anyMatch(Objects::isNull)) {
                ended(batch, "The processor did not answer once for each record");
            } else {
                for (int i = 0; i < outcomes.size(); i++) {
                    take(batch.parts.get(i), outcomes.get(i));
                }
                ended(batch);
            }
        }

        /** The whole batch has failed. */
        private void ended(Batch batch, String message) {
            Failure failure = new Failure(Failure.Kind.PROCESSING_FAILED, "InternalError", message);
            batch.parts.forEach(part -> take(part, new Outcome.ProcessingFailed(failure)));
            ended(batch);
        }

        private void take(Part part, Outcome outcome) {
            long before = part.heapBytes();
            if (outcome instanceof Outcome.Ok ok) {
                part.pass(ok.data(), ok.keys());
            } else if (outcome instanceof Outcome.ProcessingFailed failed) {
                part.fail(failed.failure());
            } else if (outcome instanceof Outcome.Dropped) {
                part.drop();
            } else {
                throw new IllegalStateException("an outcome that is not known: " + outcome);
            }
            hold(part.heapBytes() - before);
        }

        private void ended(Batch batch) {
            batch.answered = true;
            batch.timer.cancel();
            running--;
            work(-batch.workingBytes);
            while (!sent.isEmpty() && sent.peekFirst().answered) {
                sent.removeFirst().parts.forEach(this::letThrough);
            }
            stepEnded();
            answered.run();
        }

        private void letThrough(Part part) {
            if (part.decided() != null || next == null) {
                through.addLast(part);
            } else {
                next.add(part);
            }
        }

        void abandon() {
            timer.cancel();
            sent.forEach(batch -> batch.timer.cancel());
            sent.clear();
            waiting.clear();
            waitingBytes = 0;
        }
    }
}
