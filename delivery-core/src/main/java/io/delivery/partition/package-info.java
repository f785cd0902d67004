/**
 * Partition: which object a record belongs to and what that object is called.
 *
 * <p>{@link io.delivery.partition.PartitionKeyExtractor} is the port that takes named values from a
 * record; {@link io.delivery.partition.PrefixExpression} is Firehose's prefix grammar; together
 * they make object keys. Uses {@code record}. Pure: no clock, no disk.
 */
package io.delivery.partition;
