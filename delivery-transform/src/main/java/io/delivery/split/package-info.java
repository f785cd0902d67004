/**
 * Split: makes the parts of one record: the pure stages before the processors.
 *
 * <p>{@link io.delivery.split.JsonSplitter} finds consecutive JSON objects, {@link
 * io.delivery.split.DelimitedSplitter} pieces between delimiters (Firehose's multi-record
 * de-aggregation): what they cannot split goes on whole. {@link io.delivery.split.LogEventSplitter}
 * decompresses what CloudWatch Logs sends, and fails what is something else. {@link
 * io.delivery.split.SplitStages} makes one splitter of settings, or of its written identity.
 * Implements {@code processing}; uses {@code record} and {@code config}.
 */
package io.delivery.split;
