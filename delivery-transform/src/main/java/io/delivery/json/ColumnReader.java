package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.format.ColumnType;
import io.delivery.format.RowBuffer;
import io.delivery.json.bytes.ByteReader;
import io.delivery.record.RecordFailedException;
import java.io.IOException;

/** Reads the JSON values of one column, or of one part of it. */
abstract class ColumnReader {
    /** Where it stands: {@code requestparameters.bucketname}. */
    final ColumnPath column;

    ColumnReader(ColumnPath column) {
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
            return;
        }
        try {
            read(json, token, row, slot);
        } catch (RowBuffer.FullException full) {
            throw Misfit.conversionFailure(column, full.getMessage());
        }
    }

    abstract void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
            throws IOException, RecordFailedException;

    /** What reads the same values from bytes. */
    abstract ByteReader inBytes();

    static ColumnReader of(
            ColumnPath column, ColumnType type, Dialect dialect, UnknownFieldReader unknown) {
        return type.accept(new Readers(column, dialect, unknown));
    }

    /** The reader of each type. */
    private record Readers(ColumnPath column, Dialect dialect, UnknownFieldReader unknown)
            implements ColumnType.Visitor<ColumnReader> {
        @Override
        public ColumnReader primitive(ColumnType.Primitive type) {
            return ScalarReader.of(column, type, dialect);
        }

        @Override
        public ColumnReader decimal(ColumnType.DecimalType type) {
            return ScalarReader.of(column, type, dialect);
        }

        @Override
        public ColumnReader character(ColumnType.CharType type) {
            return ScalarReader.of(column, type, dialect);
        }

        @Override
        public ColumnReader varchar(ColumnType.VarcharType type) {
            return ScalarReader.of(column, type, dialect);
        }

        @Override
        public ColumnReader array(ColumnType.ArrayType type) {
            return new ArrayReader(column, type, dialect, unknown);
        }

        @Override
        public ColumnReader map(ColumnType.MapType type) {
            return new MapReader(column, type, dialect, unknown);
        }

        @Override
        public ColumnReader struct(ColumnType.StructType type) {
            return new StructReader(column, type, dialect, unknown);
        }
    }
}
