package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.record.RecordFailedException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads objects, and whole rows. */
final class StructReader extends ColumnReader {
    private static final int MAX_REMEMBERED_KEYS = 4096;
    private static final int MAX_REMEMBERED_LENGTH = 256;

    private final Dialect dialect;
    private final UnknownFieldCounts unknown;
    private final String path;
    private final ColumnReader[] fields;
    private final Map<String, Destination> byMatchableKey = new HashMap<>();
    private final Map<String, Destination> byKey = new HashMap<>();

    /** Where the value of a key goes: a field, or nowhere and is counted, or just nowhere. */
    private record Destination(int field, UnknownFieldCounts.Count count) {}

    StructReader(String column, StructType type, Dialect dialect, UnknownFieldCounts unknown) {
        super(column);
        this.dialect = dialect;
        this.unknown = unknown;
        path = column + ".";
        fields = new ColumnReader[type.fields().size()];
        for (int i = 0; i < fields.length; i++) {
            String name = type.fields().get(i).name();
            fields[i] = of(path + name, type.fields().get(i).type(), dialect, unknown);
            byMatchableKey.put(dialect.keyOf(name), new Destination(i, null));
        }
    }

    /** The reader of a table's rows. */
    StructReader(TableSchema table, Dialect dialect, UnknownFieldCounts unknown) {
        super("(root)");
        this.dialect = dialect;
        this.unknown = unknown;
        path = "";
        fields = new ColumnReader[table.columns().size()];
        // The partition columns come from the object's name; in a record they are no surprise.
        for (TableSchema.Column partition : table.partitionColumns()) {
            byMatchableKey.put(dialect.keyOf(partition.name()), new Destination(-1, null));
        }
        for (int i = 0; i < fields.length; i++) {
            TableSchema.Column field = table.columns().get(i);
            fields[i] = of(field.name(), field.type(), dialect, unknown);
            byMatchableKey.put(dialect.keyOf(field.name()), new Destination(i, null));
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
        while (json.nextToken() != JsonToken.END_OBJECT) {
            Destination destination = destination(json.currentName());
            json.nextToken();
            if (destination.field >= 0) {
                fields[destination.field].value(json, row, first + destination.field);
            } else {
                if (destination.count != null) {
                    unknown.seen(destination.count);
                }
                json.skipChildren();
            }
        }
    }

    private void readByPosition(JsonParser json, RowBuffer row, int first)
            throws IOException, RecordFailedException {
        for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i < fields.length) {
                fields[i].value(json, row, first + i);
            } else {
                unknown.seen(unknown.of(column, "[]"));
                json.skipChildren();
            }
        }
    }

    private Destination destination(String key) {
        Destination known = byKey.get(key);
        if (known != null) {
            return known;
        }
        Destination found = byMatchableKey.get(dialect.matchable(key));
        if (found == null) {
            found = new Destination(-1, unknown.of(path, key));
        }
        if (byKey.size() < MAX_REMEMBERED_KEYS && key.length() <= MAX_REMEMBERED_LENGTH) {
            byKey.put(key, found);
        }
        return found;
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
