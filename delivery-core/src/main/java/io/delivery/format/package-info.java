/**
 * Format: ports for how records become the bytes of one object.
 *
 * <p>An {@link io.delivery.format.EncoderFactory} stands for a stream's configured format; a {@link
 * io.delivery.format.RecordEncoder} writes one object, from all of its records, and reports those
 * that do not convert. Uses {@code record}.
 */
package io.delivery.format;
