/**
 * Split: makes the parts of one record (Firehose's multi-record de-aggregation).
 *
 * <p>{@link io.delivery.split.JsonSplitter} finds consecutive JSON objects, {@link
 * io.delivery.split.DelimitedSplitter} pieces between delimiters. Both are pure, see bytes only,
 * and never refuse a record: what they cannot split goes on whole. Implements {@code processing};
 * uses {@code record}.
 */
package io.delivery.split;
