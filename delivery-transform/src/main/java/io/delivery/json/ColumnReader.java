package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.format.ColumnType;
import io.delivery.format.RowBuffer;
import io.delivery.record.RecordFailedException;
import java.io.IOException;

/** Reads the JSON values of one column, or of one part of it. */
abstract class ColumnReader {
    /** What messages call it: {@code requestparameters.bucketname}. */
    final String column;

    ColumnReader(String column) {
        this.column = column;
    }

    /**
     * Reads the value that begins at the parser's token; afterwards the parser stands on the
     * value's last token.
     */
    final void value(JsonParser json, RowBuffer row, int slot)
            throws IOException, RecordFailedException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            row.setNull(slot);
        } else {
            read(json, token, row, slot);
        }
    }

    abstract void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
            throws IOException, RecordFailedException;

    static ColumnReader of(
            String column, ColumnType type, Dialect dialect, UnknownFieldCounts unknown) {
        if (type instanceof ColumnType.StructType struct) {
            return new StructReader(column, struct, dialect, unknown);
        }
        if (type instanceof ColumnType.ArrayType array) {
            return new ArrayReader(column, array, dialect, unknown);
        }
        if (type instanceof ColumnType.MapType map) {
            return new MapReader(column, map, dialect, unknown);
        }
        return ScalarReader.of(column, type, dialect);
    }
}
