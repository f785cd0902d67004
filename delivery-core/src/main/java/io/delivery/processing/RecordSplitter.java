package io.delivery.processing;

import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;

/**
 * One record becomes its parts. A pure function with a version: the same bytes yield the same parts
 * for ever, a changed behaviour is a new version. Not thread-safe; one per lane, called by one
 * thread at a time. Nothing is to be closed.
 */
public interface RecordSplitter {
    /**
     * Name, code version and settings, e.g. {@code json/1}: recorded with a range's first object.
     */
    String identity();

    /**
     * Gives every part of the record, in order, at least one; a record without bytes is one part
     * without bytes. No record makes it throw: what it cannot split goes on whole, or as a part
     * that failed.
     *
     * @param record valid during the call; nothing but its own bytes is looked at, and the array
     *     that holds them is not changed
     * @param parts called for each part, on this thread; the bytes stay valid until the next record
     *     is split, as long as this one is. What it throws comes out of here, and the next record
     *     is split as any other
     * @throws NullPointerException when one of them is missing
     */
    void split(DeliveryRecord record, PartSink parts);

    /** Takes the parts of one record. */
    interface PartSink {
        /** A part that goes on; it may have no bytes. */
        void part(byte[] array, int offset, int length);

        /** A part that cannot be processed; the bytes are what its error output will carry. */
        void failed(byte[] array, int offset, int length, Failure failure);
    }
}
