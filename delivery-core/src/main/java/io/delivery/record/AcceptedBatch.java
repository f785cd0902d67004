package io.delivery.record;

/**
 * What became of an accepted batch: its records have the sequences {@code firstSequence} to {@code
 * firstSequence + count - 1} and survive a crash.
 *
 * @param encrypted whether they are encrypted where they are kept
 */
public record AcceptedBatch(
        Incarnation incarnation, long firstSequence, int count, boolean encrypted) {
    /** The id of the record at this index of the batch. */
    public RecordId idOf(int index) {
        return new RecordId(incarnation, firstSequence + index);
    }
}
