/**
 * Values of jq: reading and writing their JSON, comparing, calculating, finding and changing what
 * is in them.
 *
 * <p>Values are Jackson's nodes, and nobody changes one that somebody else has: {@link
 * io.delivery.jq.value.Edit} copies first. Whole numbers below 2^63 are {@code LongNode}s, longer
 * ones {@code BigIntegerNode}s, all others {@code DoubleNode}s. Whatever costs more than a moment
 * is charged to a {@link io.delivery.jq.value.Budget}. Knows no program.
 */
package io.delivery.jq.value;
