package io.delivery.format;

import java.util.Optional;

/**
 * How a stream has its records read into the columns of a table.
 *
 * @param serde how JSON is read, whatever the table says; empty for what the table says
 * @param unknownFields what becomes of fields that the table has no column for
 */
public record DecoderOptions(Optional<JsonSerDe> serde, UnknownFieldPolicy unknownFields) {
    /** Of a stream that says nothing. */
    public static final DecoderOptions DEFAULTS =
            new DecoderOptions(Optional.empty(), UnknownFieldPolicy.DEFAULT);

    /** The deserializer that is in force for this table. */
    public JsonSerDe serdeFor(TableSchema table) {
        return serde.orElse(table.serde());
    }
}
