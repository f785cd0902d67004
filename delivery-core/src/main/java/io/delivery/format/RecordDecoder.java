package io.delivery.format;

import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;

/** Turns the bytes of records into rows. Not thread-safe. */
public interface RecordDecoder {
    /**
     * Clears the buffer and fills it with all rows of this record, one or more.
     *
     * @throws RecordFailedException when any part of the record does not fit; what the buffer then
     *     holds means nothing
     */
    void decode(DeliveryRecord record, RowBuffer rows) throws RecordFailedException;

    /**
     * The rows of the record that was decoded last are written: what was counted in it counts. A
     * record of which this is not said before the next one is decoded goes to the error output,
     * with all of its fields.
     */
    void written();

    /** Tells which fields the schema did not know in all records that were written so far; once. */
    void report(UnknownFields unknownFields);

    /** Makes decoders. Thread-safe. */
    @FunctionalInterface
    interface Factory {
        /**
         * A decoder for the records of one object.
         *
         * @throws IllegalArgumentException when the options make no sense for this table
         */
        RecordDecoder decoder(TableSchema schema, DecoderOptions options);
    }
}
