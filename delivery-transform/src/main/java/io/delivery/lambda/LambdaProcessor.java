package io.delivery.lambda;

import io.delivery.function.FunctionInvoker;
import io.delivery.metrics.Metrics;
import io.delivery.processing.BatchHints;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.Incarnation;
import io.delivery.record.SequencedRecord;
import io.delivery.world.World;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has a function transform records by Firehose's contract: a batch becomes an event, and the answer
 * says of each record {@code Ok}, {@code Dropped} or {@code ProcessingFailed}. Whatever the
 * function does, each record gets one outcome: what fails has a code of the contract and how often
 * it was tried. docs/functions.md has the events, the answers and the codes.
 *
 * <p>Events are written and answers read on an executor of their own. An invocation that fails is
 * tried again with another id; an answer is final, whatever it says. A batch within the hints is
 * one event; a larger one becomes several, one after the other.
 *
 * <p>Memory: for each batch that is under way, an event, a copy of it while it is tried again, then
 * the answer and the records that it has, each at most {@value
 * io.delivery.function.Invocation#MAX_PAYLOAD_BYTES} bytes.
 */
public final class LambdaProcessor implements Processor {
    /** Of a record: its id, and its outcome with the place in the map of ids. */
    private static final long OBJECT_BYTES = 280;

    private final InvocationSettings settings;
    private final EventOrigin origin;
    private final FunctionInvoker invoker;
    private final World world;
    private final Executor work;
    private final EventWriter writer;
    private final FunctionMeter meter;
    private final FailureStreak streak;
    private final BatchHints hints;
    private final Set<BatchCall> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile BatchCall.Tools tools;

    /**
     * @param invoker of the function; not closed by this
     * @param work where events are written and answers are read; it may run several tasks at once
     */
    public LambdaProcessor(
            InvocationSettings settings,
            EventOrigin origin,
            FunctionInvoker invoker,
            World world,
            Executor work,
            Metrics metrics) {
        this.settings = settings;
        this.origin = origin;
        this.invoker = invoker;
        this.world = world;
        this.work = work;
        this.writer = new EventWriter(origin);
        this.meter = new FunctionMeter(metrics, origin.stream(), settings.function());
        this.streak = new FailureStreak(settings.function());
        this.hints =
                new BatchHints(
                        settings.concurrency(),
                        writer.mostRecords(settings.bufferBytes()),
                        settings.bufferBytes(),
                        settings.bufferInterval(),
                        settings.limit());
    }

    @Override
    public BatchHints hints() {
        return hints;
    }

    /** The event, its copy for a further try, an answer as large, and the records in it. */
    @Override
    public long workingBytes(int records, long recordBytes) {
        long event = writer.mostEventBytes(records, recordBytes);
        return 3 * event + recordBytes + (long) records * OBJECT_BYTES;
    }

    @Override
    public void open(Incarnation stream) {
        tools =
                new BatchCall.Tools(
                        settings,
                        invoker,
                        world,
                        work,
                        new RecordNames(stream),
                        writer,
                        new AnswerReader(origin.source()),
                        meter,
                        streak);
        meter.watch(invoker, closed);
        invoker.prepare();
    }

    @Override
    public CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
        Objects.requireNonNull(records, "records");
        if (tools == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("it was not opened"));
        }
        BatchCall call = new BatchCall(tools, records);
        underWay.add(call);
        call.answer().whenComplete((outcomes, failure) -> underWay.remove(call));
        if (closed.get()) { // asked after the call can be found by close()
            call.end("the processor is closed");
        } else {
            call.start();
        }
        return call.answer();
    }

    /**
     * That the function has failed ten records in a row or more, until the next that it lets pass
     * or drops; and what is wrong with running it.
     */
    @Override
    public Optional<String> trouble() {
        return closed.get() ? Optional.empty() : streak.trouble(invoker.status());
    }

    /** Batches that are under way fail; the function may still work on them. */
    @Override
    public void close() {
        closed.set(true);
        underWay.forEach(call -> call.end("the processor is closed"));
    }
}
