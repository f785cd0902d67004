/**
 * Format: ports for how records become the bytes of one object.
 *
 * <p>An {@link io.delivery.format.EncoderFactory} stands for a stream's configured format; a {@link
 * io.delivery.format.RecordEncoder} writes one object from those of its records that convert, and
 * reports the others. For column formats a {@link io.delivery.format.SchemaCatalog} tells the
 * table, and a {@link io.delivery.format.RecordDecoder} turns a record into typed rows ({@link
 * io.delivery.format.RowBuffer}) of it. Uses {@code record}.
 */
package io.delivery.format;
