package io.delivery.lane.path;

import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.Splitters;
import io.delivery.lane.components.WholeRecords;
import io.delivery.partition.PartitionKeys;
import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import io.delivery.record.SequencedRecord;
import io.delivery.world.Clock;
import java.util.Arrays;
import java.util.Map;

/**
 * The path of a record under one version of a definition: {@link #split} makes its parts, {@link
 * #fate} says what becomes of a part that no processor has to see any more. Processors stand
 * between the two ({@link ProcessingWindow}). Not thread-safe.
 */
public final class RecordPath implements RecordSplitter.PartSink {
    private static final byte[] NO_BYTES = {};

    private final LaneComponents components;
    private final Clock clock;
    private final SequencedRecord view = new SequencedRecord();
    private final SequencedRecord enteredView = new SequencedRecord();

    private RecordSplitter splitter;
    private String splitterName;

    // --- the parts of a record: one of most; the arrays grow with the first that has more ---
    private byte[][] arrays = new byte[1][];
    private int[] offsets = new int[1];
    private int[] lengths = new int[1];
    private Failure[] failures = new Failure[1];
    private int parts;
    private long bytes;
    private long sequence;
    private DeliveryRecord source;
    private long keyNanos;
    private Fate.Buffered lastBuffered;

    public RecordPath(LaneComponents components, Clock clock) {
        this.components = components;
        this.clock = clock;
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
                    "no splitter %s is known, and objects were made with it".formatted(identity));
        }
        return opened;
    }

    // --- split ---

    /**
     * Splits a record. Its parts can be asked for until the next call, as long as the record is
     * valid.
     *
     * @param splitterIdentity a range has one splitter, which need not be the one in force
     * @return how many parts it has, at least one
     */
    public int split(String splitterIdentity, long ofSequence, DeliveryRecord record) {
        if (!splitterIdentity.equals(splitterName)) {
            splitter = open(splitterIdentity);
            splitterName = splitterIdentity;
        }
        parts = 0;
        bytes = 0;
        sequence = ofSequence;
        source = record;
        splitter.split(record, this);
        return parts;
    }

    /** One of the parts of the record that was split last: a view that the next call reuses. */
    public SequencedRecord part(int number) {
        return view.at(
                sequence,
                number,
                number == parts - 1,
                arrays[number],
                offsets[number],
                lengths[number],
                source.arrivalMillis());
    }

    /**
     * The same part as the error output shows it if it fails further on: a view that the next call
     * reuses.
     *
     * <p>That is the record itself when the splitter has made other bytes of it as a whole
     * (decompressed it). Of a record with several parts each fails with bytes of its own: the whole
     * record with each of them would be as many copies, and give the others back that landed.
     */
    public SequencedRecord entered(int number) {
        boolean madeAnew = parts == 1 && arrays[0] != source.array() && failures[0] == null;
        if (!madeAnew) {
            return part(number);
        }
        return enteredView.at(
                sequence,
                0,
                true,
                source.array(),
                source.offset(),
                source.length(),
                source.arrivalMillis());
    }

    /**
     * No part of the record that was split last is asked for any more. Nothing is held of it: a
     * decompressed record may be large, and the array of another one is its reader's window, which
     * would stay as long as an idle stream.
     */
    public void forget() {
        Arrays.fill(arrays, 0, parts, null);
        view.at(NO_BYTES, 0, 0, 0);
        enteredView.at(NO_BYTES, 0, 0, 0);
        source = null;
        parts = 0;
    }

    /** Bytes of all parts of the record that was split last. */
    public long bytes() {
        return bytes;
    }

    /** Why the splitter gave this part up; null when it did not. */
    public Failure failureOf(int number) {
        return failures[number];
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
        bytes += length;
        parts++;
    }

    // --- partition ---

    /**
     * What becomes of a part that has passed all processors.
     *
     * @param keys those that processors gave it
     */
    public Fate fate(SequencedRecord part, PartitionKeys keys) {
        try {
            return buffered(queried(part, keys));
        } catch (RecordFailedException failed) {
            return new Fate.Failed(failed.failure());
        }
    }

    /** Neighbours often go to the same object: they share the answer. */
    private Fate.Buffered buffered(PartitionKeys keys) throws RecordFailedException {
        var prefix = components.keys().bind(keys);
        if (lastBuffered == null || lastBuffered.prefix() != prefix) {
            lastBuffered = new Fate.Buffered(prefix);
        }
        return lastBuffered;
    }

    private PartitionKeys queried(SequencedRecord part, PartitionKeys keys)
            throws RecordFailedException {
        if (components.extractor().isEmpty()) {
            return keys;
        }
        long begun = clock.nanoTime();
        try {
            Map<String, String> values = components.extractor().get().extract(part);
            return new PartitionKeys(values, keys.fromLambda());
        } finally {
            keyNanos += clock.nanoTime() - begun;
        }
    }

    /** The time that partition keys took since the last call, in nanoseconds. */
    public long takeKeyNanos() {
        long nanos = keyNanos;
        keyNanos = 0;
        return nanos;
    }
}
