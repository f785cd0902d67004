package io.delivery.lane.path;

import io.delivery.partition.PartitionKeys;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;

/**
 * A part on its way through processors: its name, its own copy of the bytes that the error output
 * shows if it fails, and the bytes that it has now.
 */
public final class Part extends SequencedRecord {
    /** What a part takes of the heap beside its bytes. */
    static final long OBJECT_BYTES = 96;

    /** What keys take beside their number: the maps. */
    private static final long KEYS_BYTES = 128;

    /** What a key takes beside its characters: its entry and two strings. */
    private static final long KEY_BYTES = 160;

    private final byte[] entered;
    private PartitionKeys keys = PartitionKeys.NONE;
    private long keyBytes;
    private Fate decided;

    /**
     * @param enteredAs what the error output shows of it; the record itself unless a splitter made
     *     other bytes of it
     */
    Part(SequencedRecord record, SequencedRecord enteredAs) {
        this.entered = enteredAs.toByteArray();
        byte[] present = enteredAs.array() == record.array() ? entered : record.toByteArray();
        at(
                record.sequence(),
                record.part(),
                record.lastPart(),
                present,
                0,
                present.length,
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

    /** Points the view at the bytes that the error output shows, under the part's name. */
    public SequencedRecord enteredAs(SequencedRecord view) {
        return view.at(sequence(), part(), lastPart(), entered, 0, entered.length, arrivalMillis());
    }

    /** A processor let it pass with these bytes; its keys join those of the one before. */
    void pass(byte[] data, PartitionKeys added) {
        at(data, 0, data.length, arrivalMillis());
        if (!added.fromLambda().isEmpty()) {
            keys = new PartitionKeys(keys.fromQuery(), added.fromLambda());
            keyBytes = KEYS_BYTES;
            added.fromLambda()
                    .forEach(
                            (name, value) ->
                                    keyBytes += KEY_BYTES + 2L * (name.length() + value.length()));
        }
    }

    /** A processor failed: the bytes that it was given are not needed any more. */
    void fail(Failure failure) {
        at(entered, 0, entered.length, arrivalMillis());
        decided = new Fate.Failed(failure);
    }

    void drop() {
        decided = Fate.Dropped.DROPPED;
    }

    /** What it takes of the heap at present. */
    long heapBytes() {
        return OBJECT_BYTES + keyBytes + entered.length + (array() == entered ? 0 : array().length);
    }
}
