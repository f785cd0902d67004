/**
 * Codec: the JSON of the Firehose protocol, from bytes and to bytes.
 *
 * <p>Reads requests in place, without a tree and without an object per record, straight into a
 * {@link io.delivery.record.RecordBatch}; checks the model's constraints on the way. Bounded by the
 * body it is given. Knows no stream, no HTTP.
 */
package io.delivery.api.codec;
