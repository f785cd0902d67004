package io.delivery.record;

/**
 * A view of one part of an accepted record. (sequence, part) is its stable name: the splitting
 * stages are pure, so the same sequence always yields the same parts.
 */
public final class SequencedRecord extends DeliveryRecord {
    private long sequence;
    private int part;
    private boolean lastPart;

    /** Points this view at other bytes under another name. */
    public SequencedRecord at(
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
    public long sequence() {
        return sequence;
    }

    /** Number of this part within the sequence, from 0. */
    public int part() {
        return part;
    }

    /** Whether no further part of this sequence follows. */
    public boolean lastPart() {
        return lastPart;
    }
}
