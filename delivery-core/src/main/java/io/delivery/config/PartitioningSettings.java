package io.delivery.config;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /** {@code .a.b}: what is there, which is an object only when the record has one there. */
    private static final Pattern PLACE = Pattern.compile("(?:\\.\\w+)*\\.([A-Za-z_]\\w*)");

    /**
     * The name at the end of a query that is nothing but a place in the record; empty for any other
     * query.
     */
    public Optional<String> placeName() {
        Matcher place = PLACE.matcher(query.strip());
        return place.matches() ? Optional.of(place.group(1)) : Optional.empty();
    }

    /**
     * Reports everything that is wrong.
     *
     * @param used names of the keys that the prefix takes from the query
     */
    void validate(String path, Set<String> used, ConfigProblems problems) {
        if (query.isBlank()) {
            problems.add(path + ".query", "must not be empty");
        } else if (query.length() > MAX_QUERY_LENGTH) {
            problems.add(
                    path + ".query",
                    "must be at most %d characters, was %d"
                            .formatted(MAX_QUERY_LENGTH, query.length()));
        }
        placeName()
                .filter(used::contains)
                .ifPresent(
                        name ->
                                problems.add(
                                        path + ".query",
                                        "must yield an object such as {%1$s: %2$s}, was %2$s, the value"
                                                        .formatted(name, query.strip())
                                                + " alone; should it really be an object with a key %1$s, write {%1$s: %2$s.%1$s}"
                                                        .formatted(name, query.strip())));
        if (activePartitionsLimit < 1 || activePartitionsLimit > 100_000) {
            problems.add(
                    path + ".activePartitionsLimit",
                    "must be between 1 and 100000, was " + activePartitionsLimit);
        }
    }
}
