/**
 * Compress: wraps a format so that its objects are compressed as a whole.
 *
 * <p>{@link io.delivery.compress.CompressedEncoderFactory} gives whatever the format inside writes
 * to a {@link io.delivery.compress.Codec}: gzip, zip, two framings of Snappy, zstd. Implements
 * {@code format}.
 */
package io.delivery.compress;
