package io.delivery.processing;

import io.delivery.partition.PartitionKeys;
import io.delivery.record.Failure;
import java.util.Objects;

/** What a processor answers for one record. */
public sealed interface Outcome {
    /** The record goes on with these bytes; the keys join those of the stream's own query. */
    record Ok(byte[] data, PartitionKeys keys) implements Outcome {
        public Ok {
            Objects.requireNonNull(data, "data");
            Objects.requireNonNull(keys, "keys");
        }
    }

    /** The record is removed on purpose: counted, in the backup, in no object. */
    record Dropped() implements Outcome {}

    /** The record goes to the error output, with its bytes from before the first processor. */
    record ProcessingFailed(Failure failure) implements Outcome {
        public ProcessingFailed {
            Objects.requireNonNull(failure, "failure");
        }
    }
}
