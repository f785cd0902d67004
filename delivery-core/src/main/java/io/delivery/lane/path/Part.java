package io.delivery.lane.path;

import io.delivery.partition.PartitionKeys;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;

/**
 * A part on its way through processors: its name, its own copy of the bytes that it had before the
 * first of them, and the bytes that it has now.
 */
public final class Part extends SequencedRecord {
    /** What a part takes of the heap beside its bytes. */
    static final long OBJECT_BYTES = 96;

    private final byte[] original;
    private PartitionKeys keys = PartitionKeys.NONE;
    private Fate decided;

    Part(SequencedRecord record) {
        this.original = record.toByteArray();
        at(
                record.sequence(),
                record.part(),
                record.lastPart(),
                original,
                0,
                original.length,
                record.arrivalMillis());
    }

    /** The fate that a processor decided; null while none has, and when all let it pass. */
    public Fate decided() {
        return decided;
    }

    /** The keys that processors gave it. */
    public PartitionKeys keys() {
        return keys;
    }

    /** Points the view at the bytes that the part has now, under its name. */
    public SequencedRecord as(SequencedRecord view) {
        return view.at(
                sequence(), part(), lastPart(), array(), offset(), length(), arrivalMillis());
    }

    /** A processor let it pass with these bytes; its keys join those of the one before. */
    void pass(byte[] data, PartitionKeys added) {
        at(data, 0, data.length, arrivalMillis());
        if (!added.fromLambda().isEmpty()) {
            keys = new PartitionKeys(keys.fromQuery(), added.fromLambda());
        }
    }

    /** A processor failed; the error output shows the bytes from before the first one. */
    void fail(Failure failure) {
        at(original, 0, original.length, arrivalMillis());
        decided = new Fate.Failed(failure);
    }

    void drop() {
        decided = Fate.Dropped.DROPPED;
    }

    /** What it takes of the heap at present. */
    long heapBytes() {
        return OBJECT_BYTES + original.length + (array() == original ? 0 : array().length);
    }
}
