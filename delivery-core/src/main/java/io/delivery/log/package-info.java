/**
 * Log: port for an ordered log. A lane reads it from its checkpoint: every sequence below is
 * committed.
 *
 * <p>The embedded journal is one; a Kafka partition, a Kinesis shard and a list of objects to
 * replay will be others. The engine sees only this. A reader gives records, and tells two kinds of
 * gaps: sequences whose records were lost ({@code Lost}, counted as damaged), and sequences that
 * never had a record ({@code Absent}), such as the marks of a transaction in a topic. Uses {@code
 * record}.
 */
package io.delivery.log;
