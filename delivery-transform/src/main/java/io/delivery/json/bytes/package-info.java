/**
 * Bytes: reads usual JSON records into typed rows without making tokens or texts of them.
 *
 * <p>Takes a record's bytes and, for each column, a reader that {@code io.delivery.json} asks for;
 * gives the same rows as its tokens do, or gives the record up. It never says what is wrong with a
 * record: whoever asked reads it again with tokens and finds out. Knows no deserializer: what keys
 * and unusual texts mean is asked through {@link io.delivery.json.bytes.StructKeys} and {@link
 * io.delivery.json.bytes.TextReader}.
 */
package io.delivery.json.bytes;
