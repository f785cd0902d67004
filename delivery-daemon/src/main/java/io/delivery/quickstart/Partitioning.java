package io.delivery.quickstart;

import java.util.List;

/**
 * How a data set is partitioned.
 *
 * @param query a jq program
 * @param keys what it yields, in the order in which they stand in the prefix
 */
public record Partitioning(String query, List<String> keys) {}
