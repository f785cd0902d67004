package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.RowBuffer;
import io.delivery.json.bytes.ByteReader;
import io.delivery.json.bytes.ByteReaders;
import io.delivery.record.RecordFailedException;
import java.io.IOException;

/**
 * Reads arrays; leniently, a value that is no array is an array of one, and an empty text is null
 * (org.openx.data.jsonserde.objectinspector.JsonListObjectInspector).
 */
final class ArrayReader extends ColumnReader {
    private final Dialect dialect;
    private final ColumnPath elementPath;
    private final ColumnReader element;

    ArrayReader(ColumnPath column, ArrayType type, Dialect dialect, UnknownFieldReader unknown) {
        super(column);
        this.dialect = dialect;
        this.elementPath = column.element();
        this.element = of(elementPath, type.element(), dialect, unknown);
    }

    @Override
    ByteReader inBytes() {
        return ByteReaders.array(element.inBytes());
    }

    @Override
    void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
            throws IOException, RecordFailedException {
        if (token != JsonToken.START_ARRAY) {
            if (!dialect.lenient) {
                throw Misfit.mismatch(column, "java.io.IOException: Start of Array expected");
            }
            if (token == JsonToken.VALUE_STRING && json.getTextLength() == 0) {
                row.setNull(slot);
                return;
            }
            elementPath.atNone();
            int only = row.allocate(1);
            row.setFirst(slot, only);
            element.value(json, row, only);
            return;
        }
        row.setFirst(slot, -1);
        int last = -1;
        for (int index = 0; json.nextToken() != JsonToken.END_ARRAY; index++) {
            elementPath.at(index);
            int next = row.allocate(1);
            if (last < 0) {
                row.setFirst(slot, next);
            } else {
                row.setNext(last, next);
            }
            element.value(json, row, next);
            last = next;
        }
    }
}
