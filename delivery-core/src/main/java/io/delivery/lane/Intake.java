package io.delivery.lane;

import io.delivery.erroroutput.ErrorRecordEncoder;
import io.delivery.erroroutput.LineBuffer;
import io.delivery.lane.OpenRange.PartitionBuffer;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.Splitters;
import io.delivery.lane.components.WholeRecords;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.partition.BoundPrefix;
import io.delivery.partition.PartitionKeys;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import io.delivery.record.SequencedRecord;
import io.delivery.world.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The way of a record into a buffer: split, process, partition, add. Everything that fails on the
 * way goes to the error output with its own bytes. Belongs to its lane's executor.
 */
final class Intake implements RecordSplitter.PartSink {
    private static final Failure PARTITION_LIMIT =
            new Failure(
                    Failure.Kind.PROCESSING_FAILED,
                    "DynamicPartitioning.ActivePartitionsLimitExceeded", // contract §4.2
                    "The number of active partitions has exceeded the configured limit");

    private static final SettledParts.Held NOTHING_HELD = new SettledParts.Held(0, false);

    private final String stream;
    private final LaneComponents components;
    private final Clock clock;
    private final Metrics metrics;
    private final Lane lane;
    private final LineBuffer line = new LineBuffer();
    private final SequencedRecord view = new SequencedRecord();
    private final List<Held> held = new ArrayList<>();

    private SettledParts settled;
    private RecordSplitter splitter;
    private String splitterName;

    private byte[][] arrays = new byte[16][];
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];
    private Failure[] failures = new Failure[16];
    private int parts;
    private long keyNanos;
    private boolean abandoned;

    /** A part on its way through processors: its own copy of the bytes, and what it was before. */
    private static final class Held extends DeliveryRecord {
        private final long sequence;
        private final int part;
        private final boolean lastPart;
        private final byte[] original;
        private PartitionKeys keys = PartitionKeys.NONE;
        private boolean settledHere;

        Held(long sequence, int part, boolean lastPart, byte[] bytes, long arrivalMillis) {
            this.sequence = sequence;
            this.part = part;
            this.lastPart = lastPart;
            this.original = bytes;
            at(bytes, 0, bytes.length, arrivalMillis);
        }
    }

    Intake(String stream, LaneComponents components, Clock clock, Metrics metrics, Lane lane) {
        this.stream = stream;
        this.components = components;
        this.clock = clock;
        this.metrics = metrics;
        this.lane = lane;
        this.splitterName = components.splitter();
        this.splitter = open(splitterName);
    }

    private RecordSplitter open(String identity) {
        if (identity.equals(Splitters.WHOLE)) {
            return new WholeRecords();
        }
        RecordSplitter opened = components.splitters().open(identity);
        if (opened == null) {
            throw new IllegalStateException(
                    "stream %s: no splitter %s is known, and objects were made with it"
                            .formatted(stream, identity));
        }
        return opened;
    }

    /** Skips what objects of an earlier process hold, until the reader is past them. */
    void resume(SettledParts settledParts) {
        settled = settledParts;
    }

    /** One range, one splitter: what is read behind settled records or a gap is no exception. */
    private RecordSplitter splitterOf(OpenRange range) {
        if (!range.splitter().equals(splitterName)) {
            splitter = open(range.splitter());
            splitterName = range.splitter();
        }
        return splitter;
    }

    /** Whether a seal may end behind this sequence. */
    boolean maySealBehind(long sequence) {
        return settled == null || sequence > settled.highestSequence();
    }

    // --- split ---

    /**
     * Takes one record of the log. Without processors its parts are in their buffers afterwards.
     */
    void take(OpenRange range, long sequence, DeliveryRecord record) {
        parts = 0;
        splitterOf(range).split(record, this);
        range.read(sequence, parts, record.length(), record.arrivalMillis());
        for (int part = 0; part < parts; part++) {
            if (settled != null && settled.contains(sequence, part)) {
                range.skipSettled();
            } else {
                takePart(range, sequence, part, record.arrivalMillis());
            }
        }
        passSettled(range, sequence);
    }

    private void passSettled(OpenRange range, long sequence) {
        if (settled != null && sequence >= settled.highestSequence()) {
            if (!range.splitter().equals(components.splitter())) {
                // The next range begins under the one in force.
                range.want(SealTrigger.DEFINITION);
            }
            settled = null;
        }
    }

    /**
     * Sequences that cannot be read any more. One that objects hold all of is not lost; of any
     * other, the parts they hold stay settled, and the rest counts as one damaged record.
     *
     * @return how many are lost, wholly or in part
     */
    long passDamage(OpenRange range, long from, long upTo) {
        long lost = 0;
        for (long sequence = from; sequence < upTo; sequence++) {
            SettledParts.Held held = settled == null ? NOTHING_HELD : settled.heldOf(sequence);
            int damaged = held.whole() ? 0 : 1;
            range.passDamage(sequence, held.parts(), damaged);
            lost += damaged;
            passSettled(range, sequence);
        }
        return lost;
    }

    /**
     * Sequences that no record has. Of one that was read before the log withdrew its record,
     * objects may hold parts: those stay settled. One that objects hold all of is not absent.
     */
    void passAbsent(OpenRange range, long from, long upTo) {
        long absent = upTo - from;
        int held = 0;
        if (settled != null) {
            long next = settled.nextSequence(from);
            while (next >= 0 && next < upTo) {
                SettledParts.Held heldOfNext = settled.heldOf(next);
                held += heldOfNext.parts();
                absent -= heldOfNext.whole() ? 1 : 0;
                next = settled.nextSequence(next + 1);
            }
        }
        range.passAbsent(upTo, held, absent);
        passSettled(range, upTo - 1);
    }

    /**
     * Takes those parts of a record that are missing and that no object holds.
     *
     * @param missing parts whose objects became void
     * @param stillHeld parts of the range's other objects
     */
    void takeMissing(
            OpenRange range,
            long sequence,
            DeliveryRecord record,
            SettledParts missing,
            SettledParts stillHeld) {
        parts = 0;
        splitterOf(range).split(record, this);
        int taken = 0;
        for (int part = 0; part < parts; part++) {
            if (missing.contains(sequence, part) && !stillHeld.contains(sequence, part)) {
                taken++;
                takePart(range, sequence, part, record.arrivalMillis());
            }
        }
        if (taken > 0) {
            range.read(sequence, taken, record.length(), record.arrivalMillis());
        }
    }

    private void takePart(OpenRange range, long sequence, int part, long arrivalMillis) {
        view.at(
                sequence,
                part,
                part == parts - 1,
                arrays[part],
                offsets[part],
                lengths[part],
                arrivalMillis);
        Failure failure = failures[part];
        if (failure != null) {
            fail(range, view, failure);
        } else if (components.processors().isEmpty()) {
            partition(range, view, PartitionKeys.NONE);
        } else {
            held.add(
                    new Held(
                            view.sequence(),
                            view.part(),
                            view.lastPart(),
                            view.toByteArray(),
                            view.arrivalMillis()));
        }
    }

    @Override
    public void part(byte[] array, int offset, int length) {
        failed(array, offset, length, null);
    }

    @Override
    public void failed(byte[] array, int offset, int length, Failure failure) {
        if (parts == arrays.length) {
            arrays = Arrays.copyOf(arrays, parts * 2);
            offsets = Arrays.copyOf(offsets, parts * 2);
            lengths = Arrays.copyOf(lengths, parts * 2);
            failures = Arrays.copyOf(failures, parts * 2);
        }
        arrays[parts] = array;
        offsets[parts] = offset;
        lengths[parts] = length;
        failures[parts] = failure;
        parts++;
    }

    // --- process ---

    /** Parts that wait for {@link #process}. */
    int held() {
        return held.size();
    }

    /** Runs the processors over what was taken and adds the outcomes, on the lane's executor. */
    CompletionStage<Void> process(OpenRange range) {
        List<Held> batch = new ArrayList<>(held);
        CompletionStage<Void> done = CompletableFuture.completedFuture(null);
        for (Processor processor : components.processors()) {
            done = done.thenCompose(before -> step(range, processor, batch));
        }
        return done.thenAcceptAsync(
                end -> {
                    if (lane.halted() || abandoned) {
                        return;
                    }
                    for (Held record : batch) {
                        if (!record.settledHere) {
                            record.settledHere = true; // from here on the range counts it
                            partition(range, named(record), record.keys);
                        }
                    }
                    held.clear();
                },
                lane.executor());
    }

    /** What the processors still have will be read again: their answers come too late. */
    void abandon() {
        abandoned = true;
        held.clear();
    }

    /** Parts that are with the processors: for the books. */
    long withProcessors() {
        long sum = 0;
        for (Held record : held) {
            if (!record.settledHere) {
                sum++;
            }
        }
        return sum;
    }

    private CompletionStage<Void> step(OpenRange range, Processor processor, List<Held> batch) {
        List<Held> going = batch.stream().filter(r -> !r.settledHere).toList();
        if (going.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return processor
                .process(going)
                .handleAsync(
                        (outcomes, failure) -> {
                            settle(range, going, outcomes, failure);
                            return null;
                        },
                        lane.executor());
    }

    private void settle(
            OpenRange range, List<Held> going, List<Outcome> outcomes, Throwable failure) {
        if (lane.halted() || abandoned) {
            return;
        }
        if (failure != null || outcomes.size() != going.size()) {
            Failure all =
                    new Failure(
                            Failure.Kind.PROCESSING_FAILED,
                            "InternalError",
                            failure != null
                                    ? "The processor failed: " + failure.getMessage()
                                    : "The processor did not answer once for each record");
            going.forEach(record -> failHeld(range, record, all));
            return;
        }
        for (int i = 0; i < going.size(); i++) {
            Held record = going.get(i);
            Outcome outcome = outcomes.get(i);
            if (outcome instanceof Outcome.Ok ok) {
                record.at(ok.data(), 0, ok.data().length, record.arrivalMillis());
                record.keys = join(record.keys, ok.keys());
            } else if (outcome instanceof Outcome.ProcessingFailed failed) {
                failHeld(range, record, failed.failure());
            } else {
                record.settledHere = true;
                range.drop();
            }
        }
    }

    private void failHeld(OpenRange range, Held record, Failure failure) {
        record.settledHere = true;
        record.at(record.original, 0, record.original.length, record.arrivalMillis());
        fail(range, named(record), failure);
    }

    private SequencedRecord named(Held record) {
        return view.at(
                record.sequence,
                record.part,
                record.lastPart,
                record.array(),
                record.offset(),
                record.length(),
                record.arrivalMillis());
    }

    private static PartitionKeys join(PartitionKeys before, PartitionKeys added) {
        if (added.fromLambda().isEmpty()) {
            return before;
        }
        return new PartitionKeys(before.fromQuery(), added.fromLambda());
    }

    // --- partition and add ---

    private void partition(OpenRange range, SequencedRecord record, PartitionKeys keys) {
        BoundPrefix prefix;
        try {
            prefix = components.keys().bind(queried(record, keys));
        } catch (RecordFailedException failed) {
            fail(range, record, failed.failure());
            return;
        }
        PartitionBuffer buffer = range.partition(prefix);
        if (buffer == null) {
            if (range.activePartitions() >= components.activePartitionsLimit()
                    && !lane.makeRoom(range)) {
                fail(range, record, PARTITION_LIMIT);
                return;
            }
            buffer = range.openPartition(prefix);
        }
        add(range, buffer, record);
    }

    private PartitionKeys queried(SequencedRecord record, PartitionKeys keys)
            throws RecordFailedException {
        if (!components.partitioned()) {
            return keys;
        }
        long begun = clock.nanoTime();
        Map<String, String> values = components.extractor().orElseThrow().extract(record);
        keyNanos += clock.nanoTime() - begun;
        return new PartitionKeys(values, keys.fromLambda());
    }

    /** Reports the time that partition keys took since the last call. */
    void observe() {
        if (keyNanos > 0) {
            metrics.observe(Metric.JQ_SECONDS, stream, keyNanos);
            keyNanos = 0;
        }
    }

    private void add(OpenRange range, PartitionBuffer buffer, SequencedRecord record) {
        range.add(buffer, record, record.array(), record.offset(), record.length());
        lane.added(range, buffer);
    }

    /** The record goes to the error output, its bytes unchanged. */
    void fail(OpenRange range, SequencedRecord record, Failure failure) {
        ErrorRecordEncoder lines =
                range.components() // it may have been replaced since
                        .errorLines()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "a lane without error output has a failed record"));
        line.reset();
        int length = lines.append(line, record, failure, clock.millis());
        PartitionBuffer buffer = range.errors(failure.kind());
        range.add(buffer, record, line.array(), 0, length);
        lane.added(range, buffer);
    }
}
