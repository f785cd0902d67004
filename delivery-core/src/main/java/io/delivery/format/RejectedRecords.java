package io.delivery.format;

import io.delivery.record.Failure;

/** Takes the records that do not convert. */
@FunctionalInterface
public interface RejectedRecords {
    /** The record that the source gave last is not in the object, for this reason. */
    void reject(Failure failure);
}
