package io.delivery.processing;

import io.delivery.partition.PartitionKeys;
import io.delivery.record.Failure;

/** What a processor answers for one record. */
public sealed interface Outcome {
    /** The record goes on with these bytes; the keys join those of the stream's own query. */
    record Ok(byte[] data, PartitionKeys keys) implements Outcome {}

    /** The record is removed on purpose: counted, in the backup, in no object. */
    record Dropped() implements Outcome {}

    /** The record goes to the error output, with its bytes from before this step. */
    record ProcessingFailed(Failure failure) implements Outcome {}
}
