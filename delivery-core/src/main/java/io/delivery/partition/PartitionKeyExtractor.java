package io.delivery.partition;

import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import java.util.Map;

/**
 * Takes named values from a record. What it gives is a function of the record alone; whether it
 * gives up may also depend on what the records before it have cost. Not thread-safe; one per lane.
 */
public interface PartitionKeyExtractor {
    /**
     * @return name to value; no value is empty
     * @throws RecordFailedException when the record has no such values, with code {@code
     *     DynamicPartitioning.MetadataExtractionFailed}
     */
    Map<String, String> extract(DeliveryRecord record) throws RecordFailedException;
}
