/**
 * Raw: records become an object as they are, byte for byte, with or without line feeds.
 *
 * <p>{@link io.delivery.raw.RawEncoderFactory} is configured with a {@link
 * io.delivery.raw.RecordDelimiter}. Rejects nothing and copies nothing but the records' own bytes.
 * Implements {@code format}; uses {@code record}.
 */
package io.delivery.raw;
