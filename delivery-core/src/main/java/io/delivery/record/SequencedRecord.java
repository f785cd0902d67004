package io.delivery.record;

/**
 * A view of one part of an accepted record. (sequence, part) is its stable name: the splitting
 * stages are pure, so the same sequence always yields the same parts.
 */
public class SequencedRecord extends DeliveryRecord {
    private long sequence;
    private int part;
    private boolean lastPart;

    /** Points this view at other bytes under another name. */
    public final SequencedRecord at(
            long sequence,
            int part,
            boolean lastPart,
            byte[] array,
            int offset,
            int length,
            long arrivalMillis) {
        at(array, offset, length, arrivalMillis);
        this.sequence = sequence;
        this.part = part;
        this.lastPart = lastPart;
        return this;
    }

    /** Place of the accepted record in its stream's log. */
    public final long sequence() {
        return sequence;
    }

    /** Number of this part within the sequence, from 0. */
    public final int part() {
        return part;
    }

    /** Whether no further part of this sequence follows. */
    public final boolean lastPart() {
        return lastPart;
    }
}
