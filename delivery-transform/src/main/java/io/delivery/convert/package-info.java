/**
 * Convert: records become the rows of a table, and the rows a file.
 *
 * <p>{@link io.delivery.convert.ConvertingEncoderFactory} joins what it is given: a catalog that
 * knows the table, a decoder that makes rows of a record, and a file format that writes rows.
 * Implements {@code format}'s port for encoders and uses its others; knows no JSON, no catalog and
 * no file format.
 */
package io.delivery.convert;
