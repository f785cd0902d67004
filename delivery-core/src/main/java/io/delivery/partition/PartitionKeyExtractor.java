package io.delivery.partition;

import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import java.util.Map;

/**
 * Takes named values from a record. What it gives is a function of the record alone; whether it
 * gives up may also depend on what the records before it have cost. Not thread-safe; one per lane,
 * called by one thread at a time. An extractor holds nothing that would have to be closed.
 */
public interface PartitionKeyExtractor {
    /**
     * Takes the values of one record.
     *
     * @param record valid during the call; nothing but its own bytes is looked at, and the array
     *     that holds them is not changed
     * @return name to value; no value is empty. Stays as it is, whatever is asked for later
     * @throws RecordFailedException when the record has no such values, whatever it has instead:
     *     with kind {@code PROCESSING_FAILED}, code {@code
     *     DynamicPartitioning.MetadataExtractionFailed} and a message without any of its contents.
     *     The next record is not touched by that
     * @throws NullPointerException when there is no record
     */
    Map<String, String> extract(DeliveryRecord record) throws RecordFailedException;

    /**
     * Nothing may come for long: what earlier records have left for the sake of speed alone is let
     * go. The next record gets the same answer as without this call.
     */
    default void rest() {}
}
