/**
 * Partition: which object a record belongs to and what that object is called.
 *
 * <p>{@link io.delivery.partition.PartitionKeyExtractor} is the port that takes named values from a
 * record; {@link io.delivery.partition.PrefixExpression} is Firehose's prefix grammar, {@link
 * io.delivery.partition.PrefixRules} what may be configured with it; {@link
 * io.delivery.partition.KeyExpression} makes object keys of both and refuses what a record's data
 * must not do to a key. Uses {@code record}. Pure: no clock, no disk.
 */
package io.delivery.partition;
