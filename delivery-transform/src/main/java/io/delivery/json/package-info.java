/**
 * Json: reads JSON records into typed rows, by the rules of the contract's two deserializers.
 *
 * <p>Takes a record and a {@link io.delivery.format.TableSchema}, gives the rows of one record in a
 * {@link io.delivery.format.RowBuffer}, or the reason why it does not fit. Usual records are read
 * from their bytes, in {@code bytes}; the others as tokens, which go straight into typed slots:
 * there is no tree. Uses {@code record} and the port {@code format}; knows no file format and no
 * catalog. Every input ends in rows or in a reason.
 */
package io.delivery.json;
