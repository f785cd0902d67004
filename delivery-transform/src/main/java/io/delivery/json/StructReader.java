package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.json.bytes.ByteDecoder;
import io.delivery.json.bytes.ByteReader;
import io.delivery.json.bytes.ByteReaders;
import io.delivery.json.bytes.StructKeys;
import io.delivery.json.bytes.UnknownField;
import io.delivery.record.RecordFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads objects, and whole rows.
 *
 * <p>Each field looks for its key on its own, so that one key may fill several fields, as with
 * OpenX (org.openx.data.jsonserde.objectinspector.JsonStructObjectInspector). Of several keys that
 * fill one field the closest to the field's own counts, wherever it stands, and of equally close
 * ones the last; the others are counted, or refused where unknown fields are. Of a key that is
 * there twice the last value counts, and all must fit.
 */
final class StructReader extends ColumnReader {
    private static final int MAX_REMEMBERED_KEYS = 4096;
    private static final int MAX_REMEMBERED_LENGTH = 256;

    private final Dialect dialect;
    private final UnknownFieldReader unknown;
    private final ColumnPath fieldPath;
    private final ColumnPath surplusPath;
    private final ColumnReader[] fields;
    private final Map<Closeness, Map<String, List<Integer>>> byForm =
            new EnumMap<>(Closeness.class);
    private final Map<String, Destination> byKey = new HashMap<>();

    /** Of the object that is being read: where each field's value came from, null for nowhere. */
    private final Destination[] taken;

    /** Of the object that is being read: why a field's value does not fit, null where none did. */
    private final RecordFailedException[] refused;

    /** Whether {@link #refused} may hold something. */
    private boolean anyRefused;

    /**
     * Where the value of a key goes.
     *
     * @param field {@link #NOWHERE}, or {@link #NAME} for a partition column
     * @param closeness null when it goes nowhere
     * @param count of an unknown field; null when it goes somewhere
     * @param all destinations of this key, this one among them; null when there is no other
     */
    private record Destination(
            String key,
            int field,
            Closeness closeness,
            UnknownFieldCounts.Count count,
            Destination[] all) {
        /** A column that readers take from the object's name; in a record it is no surprise. */
        static final int NAME = -1;

        static final int NOWHERE = -2;

        boolean isFartherThan(Destination other) {
            return other != null && closeness.compareTo(other.closeness) > 0;
        }

        /** How many fields the key fills; 1 for none. */
        int fields() {
            return all == null ? 1 : all.length;
        }

        static Destination of(String key, int field, Closeness closeness, Destination[] all) {
            return new Destination(key, field, closeness, null, all);
        }
    }

    StructReader(ColumnPath column, StructType type, Dialect dialect, UnknownFieldReader unknown) {
        super(column);
        this.dialect = dialect;
        this.unknown = unknown;
        fieldPath = column.anyField();
        surplusPath = column.element();
        fields = new ColumnReader[type.fields().size()];
        taken = new Destination[fields.length];
        refused = new RecordFailedException[fields.length];
        for (int i = 0; i < fields.length; i++) {
            String name = type.fields().get(i).name();
            fields[i] = of(column.field(name), type.fields().get(i).type(), dialect, unknown);
            expect(name, i);
        }
    }

    /** The reader of a table's rows. */
    StructReader(TableSchema table, Dialect dialect, UnknownFieldReader unknown) {
        super(ColumnPath.root());
        this.dialect = dialect;
        this.unknown = unknown;
        fieldPath = column.anyField();
        surplusPath = column.element();
        fields = new ColumnReader[table.columns().size()];
        taken = new Destination[fields.length];
        refused = new RecordFailedException[fields.length];
        for (int i = 0; i < fields.length; i++) {
            TableSchema.Column field = table.columns().get(i);
            fields[i] = of(column.field(field.name()), field.type(), dialect, unknown);
            if (!unknown.fills(i)) {
                expect(field.name(), i);
            }
        }
        table.partitionColumns().forEach(name -> expect(name.name(), Destination.NAME));
    }

    private void expect(String name, int field) {
        String key = dialect.keyOf(name);
        for (Closeness closeness : Closeness.values()) {
            String form = dialect.formOfColumn(key, closeness);
            if (form != null) {
                byForm.computeIfAbsent(closeness, c -> new HashMap<>())
                        .computeIfAbsent(form, f -> new ArrayList<>())
                        .add(field);
            }
        }
    }

    int width() {
        return fields.length;
    }

    @Override
    void read(JsonParser json, JsonToken token, RowBuffer row, int slot)
            throws IOException, RecordFailedException {
        switch (token) {
            case START_OBJECT -> {
                int first = row.allocate(fields.length);
                row.setFirst(slot, first);
                readFields(json, row, first);
            }
            case START_ARRAY -> {
                if (!dialect.lenient) {
                    throw Misfit.mismatch(column, "Start of Object expected");
                }
                int first = row.allocate(fields.length);
                row.setFirst(slot, first);
                readByPosition(json, row, first);
            }
            default -> {
                if (!dialect.isNull(json, token)) {
                    throw dialect.lenient
                            ? Misfit.malformed(
                                    "Data does not match the schema. Data is not JSONObject  but "
                                            + javaName(token)
                                            + " in column "
                                            + column)
                            : Misfit.mismatch(column, "Start of Object expected");
                }
                row.setNull(slot);
            }
        }
    }

    /** Reads the fields of an object whose brace is the current token. */
    void readFields(JsonParser json, RowBuffer row, int first)
            throws IOException, RecordFailedException {
        Arrays.fill(taken, null);
        if (anyRefused) {
            Arrays.fill(refused, null);
            anyRefused = false;
        }
        try {
            readKeys(json, row, first);
        } finally {
            fieldPath.named(""); // each struct would hold a long key until its next one comes
        }
        if (anyRefused) {
            for (RecordFailedException refusal : refused) {
                if (refusal != null) {
                    throw refusal;
                }
            }
        }
    }

    private void readKeys(JsonParser json, RowBuffer row, int first)
            throws IOException, RecordFailedException {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            Destination to = destination(json.currentName());
            if (to.all != null) {
                json.nextToken();
                shared((RecordParser) json, to.all, row, first);
                continue;
            }
            Destination before = to.field < 0 ? null : taken[to.field];
            if (to.field < 0) {
                json.nextToken();
                if (to.field == Destination.NAME) {
                    json.skipChildren();
                } else {
                    unknown.value(json, row, to.count, fieldPath.named(to.key));
                }
                continue;
            }
            if (to.isFartherThan(before)) {
                superseded(to);
                json.nextToken();
                json.skipChildren();
                continue;
            }
            if (before != null) {
                replaced(before, to, row);
            }
            taken[to.field] = to;
            if (to.closeness == Closeness.EXACT) {
                json.nextToken();
                fields[to.field].value(json, row, first + to.field);
            } else {
                tried(json, to.field, row, first + to.field);
            }
        }
    }

    /** Reads a value into each field that its key fills. */
    private void shared(RecordParser json, Destination[] all, RowBuffer row, int first)
            throws IOException, RecordFailedException {
        int from = json.place();
        json.skipChildren();
        int behind = json.placeBehind();
        boolean fills = false;
        for (Destination to : all) {
            Destination before = taken[to.field];
            if (to.isFartherThan(before)) {
                continue;
            }
            fills = true;
            taken[to.field] = to;
            if (before != null) {
                replaced(before, to, row);
            }
            try (RecordParser value = json.again(from, behind)) {
                if (to.closeness == Closeness.EXACT) {
                    fields[to.field].value(value, row, first + to.field);
                } else {
                    fits(value, to.field, row, first + to.field);
                }
            }
        }
        if (!fills) {
            superseded(all[0]);
        }
    }

    /** The value of a key takes the place of what an earlier one has filled the field with. */
    private void replaced(Destination before, Destination now, RowBuffer row)
            throws RecordFailedException {
        if (!before.key.equals(now.key)) {
            if (!fillsAnother(before, now.field)) {
                superseded(before);
            }
            refused[now.field] = null;
        }
        unknown.replaced(row, fields[now.field].column);
    }

    /**
     * Reads a value that a closer key, further on, may take the place of: then it does not matter
     * that it does not fit.
     */
    private void tried(JsonParser json, int field, RowBuffer row, int slot) throws IOException {
        JsonStreamContext here = json.getParsingContext();
        json.nextToken();
        if (!fits(json, field, row, slot)) {
            while (json.getParsingContext() != here) {
                json.nextToken();
            }
        }
    }

    /** Reads a value; false when it does not fit, which is told when the object is read. */
    private boolean fits(JsonParser json, int field, RowBuffer row, int slot) throws IOException {
        try {
            fields[field].value(json, row, slot);
            return true;
        } catch (RecordFailedException refusal) {
            refused[field] = refusal;
            anyRefused = true;
            row.setNull(slot);
            return false;
        }
    }

    /** Whether the value of a key still fills another of its fields. */
    private boolean fillsAnother(Destination key, int field) {
        if (key.all == null) {
            return false;
        }
        for (Destination other : key.all) {
            Destination now = taken[other.field];
            if (other.field != field && now != null && now.key.equals(key.key)) {
                return true;
            }
        }
        return false;
    }

    private void superseded(Destination from) throws RecordFailedException {
        ColumnPath path = fieldPath.named(from.key);
        unknown.superseded(unknown.counts.of(path), path);
    }

    private void readByPosition(JsonParser json, RowBuffer row, int first)
            throws IOException, RecordFailedException {
        for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i < fields.length) {
                fields[i].value(json, row, first + i);
            } else {
                ColumnPath surplus = surplusPath.at(i);
                unknown.value(json, row, unknown.counts.of(surplus), surplus);
            }
        }
    }

    private Destination destination(String key) {
        Destination known = byKey.get(key);
        if (known != null) {
            return known;
        }
        Destination found = closest(key);
        if (byKey.size() < MAX_REMEMBERED_KEYS
                && key.length() <= MAX_REMEMBERED_LENGTH
                && dialect.keyRoom.takes(key.length(), found.fields())) {
            byKey.put(key, found);
        }
        return found;
    }

    private Destination closest(String key) {
        Destination known = taker(key);
        return known != null
                ? known
                : new Destination(
                        key,
                        Destination.NOWHERE,
                        null,
                        unknown.counts.of(fieldPath.named(key)),
                        null);
    }

    /** The first of the fields that take this key; null when there is none. */
    private Destination taker(String key) {
        Map<Integer, Closeness> takers = new LinkedHashMap<>();
        byForm.forEach(
                (closeness, fieldsOf) ->
                        fieldsOf.getOrDefault(dialect.formOfKey(key, closeness), List.of())
                                .forEach(field -> takers.putIfAbsent(field, closeness)));
        if (takers.size() > 1) {
            takers.remove(Destination.NAME);
        }
        Destination[] all = new Destination[takers.size()];
        int at = 0;
        for (Map.Entry<Integer, Closeness> taker : takers.entrySet()) {
            all[at++] =
                    Destination.of(
                            key, taker.getKey(), taker.getValue(), all.length > 1 ? all : null);
        }
        return all.length == 0 ? null : all[0];
    }

    @Override
    ByteReader inBytes() {
        return ByteReaders.struct(new Keys(), fieldsInBytes());
    }

    /** What reads whole rows from bytes. */
    ByteDecoder decoderOfBytes() {
        return new ByteDecoder(new Keys(), fieldsInBytes());
    }

    private List<ByteReader> fieldsInBytes() {
        return Arrays.stream(fields).map(ColumnReader::inBytes).toList();
    }

    /** The keys of this struct for those who read it from bytes. */
    private final class Keys implements StructKeys {
        @Override
        public int field(String key) {
            Destination taker = taker(key);
            if (taker == null) {
                return unknown.drops() ? UNKNOWN : UNDECIDED;
            }
            if (taker.all != null) {
                return UNDECIDED;
            }
            return taker.field == Destination.NAME ? IGNORED : taker.field;
        }

        @Override
        public boolean mayRemember(int bytes) {
            return dialect.keyRoom.takes(bytes, 1);
        }

        @Override
        public UnknownField unknown(String key) {
            UnknownFieldCounts.Count count = unknown.counts.of(fieldPath.named(key));
            fieldPath.named(""); // keys may be long
            return () -> unknown.counts.seen(count);
        }
    }

    private static String javaName(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> "java.lang.String";
            case VALUE_NUMBER_INT -> "java.lang.Long";
            case VALUE_NUMBER_FLOAT -> "java.lang.Double";
            default -> "java.lang.Boolean";
        };
    }
}
