package io.delivery.config;

import java.util.Optional;
import java.util.Set;

/**
 * Dynamic partitioning: DynamicPartitioningConfiguration and the MetadataExtraction processor.
 *
 * @param query a jq program that yields one object
 * @param queryKeys the names it yields, when its text tells them
 * @param activePartitionsLimit open partition buffers at a time; records of further partitions go
 *     to the error output
 */
public record PartitioningSettings(
        String query, Optional<Set<String>> queryKeys, int activePartitionsLimit) {
    public static final int DEFAULT_ACTIVE_PARTITIONS_LIMIT = 500; // developer guide, quotas
    private static final int MAX_QUERY_LENGTH = 5_120; // API reference, ProcessorParameter

    void validate(String path, ConfigProblems problems) {
        if (query.isBlank()) {
            problems.add(path + ".query", "must not be empty");
        } else if (query.length() > MAX_QUERY_LENGTH) {
            problems.add(
                    path + ".query",
                    "must be at most %d characters, was %d"
                            .formatted(MAX_QUERY_LENGTH, query.length()));
        }
        if (activePartitionsLimit < 1 || activePartitionsLimit > 100_000) {
            problems.add(
                    path + ".activePartitionsLimit",
                    "must be between 1 and 100000, was " + activePartitionsLimit);
        }
    }
}
