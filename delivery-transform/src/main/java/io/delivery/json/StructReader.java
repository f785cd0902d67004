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
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads objects, and whole rows.
 *
 * <p>Of several keys that fill one field the closest to the field's own counts, wherever it stands,
 * and of equally close ones the last; the others are counted, or refused where unknown fields are.
 * Of a key that is there twice the last value counts, and all must fit.
 */
final class StructReader extends ColumnReader {
    private static final int MAX_REMEMBERED_KEYS = 4096;
    private static final int MAX_REMEMBERED_LENGTH = 256;

    private final Dialect dialect;
    private final UnknownFieldReader unknown;
    private final ColumnPath fieldPath;
    private final ColumnPath surplusPath;
    private final ColumnReader[] fields;
    private final Map<Closeness, Map<String, Integer>> byForm = new EnumMap<>(Closeness.class);
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
     */
    private record Destination(
            String key, int field, Closeness closeness, UnknownFieldCounts.Count count) {
        /** A column that readers take from the object's name; in a record it is no surprise. */
        static final int NAME = -1;

        static final int NOWHERE = -2;

        boolean isFartherThan(Destination other) {
            return other != null && closeness.compareTo(other.closeness) > 0;
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
            String form = dialect.form(key, closeness);
            if (form != null) {
                byForm.computeIfAbsent(closeness, c -> new HashMap<>()).putIfAbsent(form, field);
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
                    throw Misfit.malformed(column, "Start of Object expected");
                }
                int first = row.allocate(fields.length);
                row.setFirst(slot, first);
                readByPosition(json, row, first);
            }
            default ->
                    throw dialect.lenient
                            ? Misfit.malformed(
                                    "Data does not match the schema. Data is not JSONObject  but "
                                            + javaName(token)
                                            + " in column "
                                            + column)
                            : Misfit.malformed(column, "Start of Object expected");
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
        while (json.nextToken() != JsonToken.END_OBJECT) {
            Destination to = destination(json.currentName());
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
        if (anyRefused) {
            for (RecordFailedException refusal : refused) {
                if (refusal != null) {
                    throw refusal;
                }
            }
        }
    }

    /** The value of a key takes the place of what an earlier one has filled the field with. */
    private void replaced(Destination before, Destination now, RowBuffer row)
            throws RecordFailedException {
        if (!before.key.equals(now.key)) {
            superseded(before);
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
        try {
            fields[field].value(json, row, slot);
        } catch (RecordFailedException refusal) {
            refused[field] = refusal;
            anyRefused = true;
            row.setNull(slot);
            while (json.getParsingContext() != here) {
                json.nextToken();
            }
        }
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
        if (byKey.size() < MAX_REMEMBERED_KEYS && key.length() <= MAX_REMEMBERED_LENGTH) {
            byKey.put(key, found);
        }
        return found;
    }

    private Destination closest(String key) {
        Destination known = taker(key);
        return known != null
                ? known
                : new Destination(
                        key, Destination.NOWHERE, null, unknown.counts.of(fieldPath.named(key)));
    }

    /** Null when no field takes this key. */
    private Destination taker(String key) {
        for (Map.Entry<Closeness, Map<String, Integer>> forms : byForm.entrySet()) {
            Integer field = forms.getValue().get(dialect.form(key, forms.getKey()));
            if (field != null) {
                return new Destination(key, field, forms.getKey(), null);
            }
        }
        return null;
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
            return taker.field == Destination.NAME ? IGNORED : taker.field;
        }

        @Override
        public UnknownField unknown(String key) {
            UnknownFieldCounts.Count count = unknown.counts.of(fieldPath.named(key));
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
