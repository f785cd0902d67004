package io.delivery.partition;

import java.util.Map;

/**
 * Named values taken from a record.
 *
 * @param fromQuery values of {@code partitionKeyFromQuery:name}
 * @param fromLambda values of {@code partitionKeyFromLambda:name}
 */
public record PartitionKeys(Map<String, String> fromQuery, Map<String, String> fromLambda) {
    public static final PartitionKeys NONE = new PartitionKeys(Map.of(), Map.of());
}
