/**
 * Compress: wraps a format so that its objects are compressed as a whole.
 *
 * <p>{@link io.delivery.compress.GzipEncoderFactory} makes one gzip member of whatever the format
 * inside writes. Implements {@code format}.
 */
package io.delivery.compress;
