package io.delivery.processing;

import io.delivery.record.DeliveryRecord;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * One transformation step. It never makes two records out of one and may answer differently each
 * time.
 */
public interface Processor extends AutoCloseable {
    /**
     * Processes a batch.
     *
     * @param records valid until the stage completes
     * @return one outcome per record, in order. A stage that fails fails every record of the batch
     *     with code {@code InternalError}; a processor reports its own failures as outcomes
     */
    CompletionStage<List<Outcome>> process(List<? extends DeliveryRecord> records);

    @Override
    default void close() {}
}
