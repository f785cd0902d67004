package io.delivery.config;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dynamic partitioning: DynamicPartitioningConfiguration and the MetadataExtraction processor.
 *
 * @param query a jq program that yields one object; absent when a function alone yields the keys
 * @param queryKeys the names it yields, when its text tells them
 * @param activePartitionsLimit open partition buffers at a time; records of further partitions go
 *     to the error output
 */
public record PartitioningSettings(
        Optional<String> query, Optional<Set<String>> queryKeys, int activePartitionsLimit) {
    public static final int DEFAULT_ACTIVE_PARTITIONS_LIMIT = 500; // developer guide, quotas
    private static final int MAX_QUERY_LENGTH = 5_120; // API reference, ProcessorParameter

    /** {@code .a.b}: what is there, which is an object only when the record has one there. */
    private static final Pattern PLACE = Pattern.compile("(?:\\.\\w+)*\\.([A-Za-z_]\\w*)");

    /**
     * The name at the end of a query that is nothing but a place in the record; empty for any other
     * query.
     */
    public Optional<String> placeName() {
        return query.map(text -> PLACE.matcher(text.strip()))
                .filter(Matcher::matches)
                .map(place -> place.group(1));
    }

    /**
     * Reports everything that is wrong.
     *
     * @param used names of the keys that the prefix takes from the query
     * @param transform of the stream: a function may yield keys as well
     */
    void validate(
            String path, Set<String> used, TransformSettings transform, ConfigProblems problems) {
        if (query.isEmpty() && transform.function().isEmpty()) {
            problems.add(path + ".query", "must be given, because no lambda processor yields keys");
        }
        query.ifPresent(text -> validateQuery(path + ".query", text, problems));
        placeName()
                .filter(used::contains)
                .ifPresent(
                        name ->
                                problems.add(
                                        path + ".query",
                                        "must yield an object such as {%1$s: %2$s}, was %2$s, the value alone; should it really be an object with a key %1$s, write {%1$s: %2$s.%1$s}"
                                                .formatted(name, query.orElseThrow().strip())));
        if (activePartitionsLimit < 1 || activePartitionsLimit > 100_000) {
            problems.add(
                    path + ".activePartitionsLimit",
                    "must be between 1 and 100000, was " + activePartitionsLimit);
        }
    }

    private static void validateQuery(String path, String query, ConfigProblems problems) {
        if (query.isBlank()) {
            problems.add(path, "must not be empty");
        } else if (query.length() > MAX_QUERY_LENGTH) {
            problems.add(
                    path,
                    "must be at most %d characters, was %d"
                            .formatted(MAX_QUERY_LENGTH, query.length()));
        }
    }
}
