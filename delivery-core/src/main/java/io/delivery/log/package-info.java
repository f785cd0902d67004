/**
 * Log: port for an ordered log. A lane reads it from its checkpoint: every sequence below is
 * committed.
 *
 * <p>The embedded journal is one; a Kafka partition, a Kinesis shard and a list of objects to
 * replay will be others. The engine sees only this. A reader tells records from sequences that were
 * lost and from sequences that no record has. Uses {@code record}.
 */
package io.delivery.log;
