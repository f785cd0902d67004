package io.delivery.processing;

import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;

/**
 * One record becomes its parts. A pure function with a version: the same bytes yield the same parts
 * for ever, a changed behaviour is a new version. Not thread-safe; one per lane.
 */
public interface RecordSplitter {
    /**
     * Name, code version and settings, e.g. {@code json/1}: recorded with a range's first object.
     */
    String identity();

    /**
     * Gives every part of the record, in order, at least one.
     *
     * @param record valid during the call
     * @param parts called for each part; the bytes stay valid until this call returns
     */
    void split(DeliveryRecord record, PartSink parts);

    /** Takes the parts of one record. */
    interface PartSink {
        void part(byte[] array, int offset, int length);

        /** A part that cannot be processed; the bytes are what its error output will carry. */
        void failed(byte[] array, int offset, int length, Failure failure);
    }
}
