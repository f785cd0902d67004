package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.RowBuffer;
import io.delivery.record.RecordFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads objects into maps. Of two keys that become the same the one that was not lower-cased
 * counts, else the last one; its entry stands in the place of the first.
 */
final class MapReader extends ColumnReader {
    /** So many keys are compared one by one; more are looked up. */
    private static final int FEW = 8;

    private final Dialect dialect;
    private final UnknownFieldCounts unknown;
    private final ScalarReader key;
    private final ColumnReader value;
    private final boolean keyIsBytes;

    MapReader(String column, MapType type, Dialect dialect, UnknownFieldCounts unknown) {
        super(column);
        this.dialect = dialect;
        this.unknown = unknown;
        key = ScalarReader.of(column + "{key}", type.key(), dialect);
        value = of(column + "{}", type.value(), dialect, unknown);
        keyIsBytes = key.readsBytes();
    }

    @Override
    void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
            throws IOException, RecordFailedException {
        if (token != JsonToken.START_OBJECT) {
            throw Misfit.malformed(
                    column,
                    dialect.lenient
                            ? "Data does not match the schema. A map needs an object"
                            : "Start of Object expected");
        }
        row.setFirst(slot, -1);
        int last = -1;
        int count = 0;
        Map<Object, Integer> lookup = null;
        BitSet lowered = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String written = json.currentName();
            String name = dialect.kept(written);
            boolean changed = !name.equals(written);
            int entry = row.allocate(2);
            try {
                key.text(name, row, entry);
            } catch (RecordFailedException notAKey) {
                throw Misfit.invalidRecord(
                        column, "a key of the map does not fit its type: " + key.type);
            }
            if (count == FEW) {
                lookup = new HashMap<>();
                for (int e = row.first(slot); e >= 0; e = row.next(e)) {
                    lookup.put(keyOf(row, e), e);
                }
            }
            Integer same =
                    lookup == null
                            ? linear(row, row.first(slot), entry)
                            : lookup.putIfAbsent(keyOf(row, entry), entry);
            json.nextToken();
            if (same != null) {
                if (changed && (lowered == null || !lowered.get(same))) {
                    unknown.seen(unknown.of(column + "{}.", written));
                    json.skipChildren();
                    continue;
                }
                if (!changed && lowered != null) {
                    lowered.clear(same);
                }
                value.value(json, row, same + 1);
                continue;
            }
            if (changed) {
                lowered = lowered == null ? new BitSet() : lowered;
                lowered.set(entry);
            }
            value.value(json, row, entry + 1);
            if (last < 0) {
                row.setFirst(slot, entry);
            } else {
                row.setNext(last, entry);
            }
            last = entry;
            count++;
        }
    }

    private Integer linear(RowBuffer row, int first, int wanted) {
        for (int entry = first; entry >= 0; entry = row.next(entry)) {
            if (sameKey(row, entry, wanted)) {
                return entry;
            }
        }
        return null;
    }

    private boolean sameKey(RowBuffer row, int one, int other) {
        if (!keyIsBytes) {
            return keyOf(row, one).equals(keyOf(row, other));
        }
        int a = row.offset(one);
        int b = row.offset(other);
        byte[] bytes = row.bytes();
        return Arrays.equals(bytes, a, a + row.extra(one), bytes, b, b + row.extra(other));
    }

    private Object keyOf(RowBuffer row, int slot) {
        if (keyIsBytes) {
            return new String(
                    row.bytes(), row.offset(slot), row.extra(slot), StandardCharsets.ISO_8859_1);
        }
        return key.type == ColumnType.Primitive.TIMESTAMP
                ? row.number(slot) + "." + row.extra(slot)
                : (Object) row.number(slot);
    }
}
