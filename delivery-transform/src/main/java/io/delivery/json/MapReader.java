package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.RowBuffer;
import io.delivery.json.bytes.ByteReader;
import io.delivery.json.bytes.ByteReaders;
import io.delivery.record.RecordFailedException;
import java.io.IOException;

/** Reads objects into maps. */
final class MapReader extends ColumnReader {
    private final Dialect dialect;
    private final UnknownFieldReader unknown;
    private final ScalarReader key;

    /** Only texts: the T of a timestamp and the N of NaN have one case. */
    private final boolean lowersKeys;

    private final ColumnPath valuePath;
    private final ColumnPath supersededPath;
    private final ColumnReader value;
    private final MapEntries entries;

    MapReader(ColumnPath column, MapType type, Dialect dialect, UnknownFieldReader unknown) {
        super(column);
        this.dialect = dialect;
        this.unknown = unknown;
        key = ScalarReader.of(column.mapKey(), type.key(), dialect);
        lowersKeys = dialect.lowersKeys && key.readsText();
        valuePath = column.mapValue();
        supersededPath = valuePath.anyField();
        value = of(valuePath, type.value(), dialect, unknown);
        entries = new MapEntries(kind(key), key::text);
    }

    @Override
    ByteReader inBytes() {
        if (key.type != ColumnType.Primitive.STRING) {
            return ByteReaders.undecided();
        }
        return lowersKeys
                ? ByteReaders.mapWithLoweredKeys(value.inBytes())
                : ByteReaders.map(value.inBytes());
    }

    @Override
    void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
            throws IOException, RecordFailedException {
        if (token != JsonToken.START_OBJECT) {
            if (dialect.isNull(json, token)) {
                row.setNull(slot);
                return;
            }
            throw Misfit.mismatch(
                    column, dialect.lenient ? "A map needs an object" : "Start of Object expected");
        }
        entries.begin(row, slot);
        try {
            readEntries(json, row);
        } finally {
            // Each map column would hold the keys of a record until its next map begins.
            entries.forget();
            valuePath.named("");
            supersededPath.named("");
        }
    }

    private void readEntries(JsonParser json, RowBuffer row)
            throws IOException, RecordFailedException {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String written = json.currentName();
            String name = lowersKeys ? dialect.kept(written) : written;
            int valueSlot = valueSlot(row, written, name);
            json.nextToken();
            if (valueSlot == MapEntries.ANOTHER_COUNTS) {
                superseded(written);
                json.skipChildren();
            } else {
                if (entries.hasReplaced()) {
                    if (!entries.replacedKey().equals(written)) {
                        superseded(entries.replacedKey());
                    }
                    unknown.replaced(row, valuePath.named(entries.replacedName()));
                }
                valuePath.named(name);
                value.value(json, row, valueSlot);
            }
        }
    }

    private void superseded(String written) throws RecordFailedException {
        // A key of a map is the record's contents, which no message holds.
        unknown.superseded(unknown.counts.of(supersededPath.named(written)), valuePath);
    }

    private static MapEntries.Kind kind(ScalarReader key) {
        if (key.type instanceof ColumnType.CharType) {
            return MapEntries.Kind.CHAR;
        }
        if (key.readsBytes()) {
            return MapEntries.Kind.BYTES;
        }
        if (key.type == ColumnType.Primitive.FLOAT) {
            return MapEntries.Kind.FLOAT;
        }
        return key.type == ColumnType.Primitive.TIMESTAMP
                ? MapEntries.Kind.TIMESTAMP
                : MapEntries.Kind.NUMBER;
    }

    private int valueSlot(RowBuffer row, String written, String name) throws RecordFailedException {
        try {
            return entries.valueSlot(row, written, name);
        } catch (RecordFailedException notAKey) {
            throw Misfit.invalidRecord(
                    column, "a key of the map does not fit its type: " + key.type);
        }
    }
}
