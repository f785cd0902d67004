package io.delivery.format;

import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tells which columns of a table, and which fields of a struct, one key of a record fills together.
 * The value of such a key becomes a value of each of them.
 */
public final class SharedKeys {
    private final boolean anyCase;
    private final boolean dotsAreUnderscores;
    private final Map<String, String> keys = new HashMap<>();

    private SharedKeys(
            boolean anyCase, boolean dotsAreUnderscores, Map<String, String> keyOfField) {
        this.anyCase = anyCase;
        this.dotsAreUnderscores = dotsAreUnderscores;
        keyOfField.forEach((field, key) -> keys.put(lower(field), key));
    }

    /** Those of records that this deserializer reads. */
    public static SharedKeys of(JsonSerDe serde) {
        return serde.accept(
                new JsonSerDe.Visitor<>() {
                    @Override
                    public SharedKeys openX(JsonSerDe.OpenX openX) {
                        return new SharedKeys(
                                openX.caseInsensitive(),
                                openX.convertDotsInJsonKeysToUnderscores(),
                                openX.columnToJsonKeyMappings());
                    }

                    @Override
                    public SharedKeys hive(JsonSerDe.Hive hive) {
                        return new SharedKeys(true, false, Map.of());
                    }
                });
    }

    /**
     * The largest sum over the fields that one key fills together; keys that fill fewer of the same
     * fields do not count.
     *
     * @param fields columns of a table, or fields of a struct
     * @param each what a field adds; told as well how many fields the key fills
     * @return 0 when no field adds anything
     */
    double most(List<ColumnType.Field> fields, Summand each) {
        double most = 0;
        for (List<ColumnType.Field> together : together(fields)) {
            double sum = 0;
            for (ColumnType.Field field : together) {
                sum += each.of(field, together.size());
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    /** What a field adds to the sum of the fields that one key fills. */
    @FunctionalInterface
    interface Summand {
        double of(ColumnType.Field field, int together);
    }

    /** The columns of a table, as the fields of a struct. */
    static List<ColumnType.Field> fields(TableSchema table) {
        return table.columns().stream()
                .map(column -> new ColumnType.Field(column.name(), column.type()))
                .toList();
    }

    /**
     * The fields that one key fills, for each key that fills any; keys that fill fewer of the same
     * fields may be left out. Each field is in one list at least.
     */
    private List<List<ColumnType.Field>> together(List<ColumnType.Field> fields) {
        if (!dotsAreUnderscores && keys.isEmpty()) {
            return fields.stream().map(List::of).toList();
        }
        Map<String, List<ColumnType.Field>> byKey = new LinkedHashMap<>();
        for (ColumnType.Field field : fields) {
            String key = keys.getOrDefault(lower(field.name()), field.name());
            byKey.computeIfAbsent(anyCase ? lower(key) : key, first -> new ArrayList<>())
                    .add(field);
        }
        List<List<ColumnType.Field>> together = new ArrayList<>();
        byKey.forEach(
                (key, itsOwn) -> {
                    String undotted = dotsAreUnderscores ? key.replace('.', '_') : key;
                    List<ColumnType.Field> all = new ArrayList<>(itsOwn);
                    if (!undotted.equals(key)) {
                        all.addAll(byKey.getOrDefault(undotted, List.of()));
                    }
                    together.add(all);
                });
        return together;
    }

    /**
     * How often one byte of a text in a record may be in the values of a row: the product of the
     * columns and fields that a key fills on the way to it. Numbers do not count: whatever their
     * JSON, they are short, and {@link RowBuffer#MAX_SLOTS} bounds how many there are. Where
     * unknown fields are kept, a struct has their texts, whatever its own fields are.
     *
     * @param unknownFields what becomes of fields that the table has no column for
     * @return at least 1
     */
    public long copiesOfTexts(TableSchema table, UnknownFieldPolicy unknownFields) {
        Copies copies = new Copies(unknownFields.keeps() ? 1 : 0);
        return Math.max(1, copies.most(fields(table)));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Of a text within a value of each type. */
    private final class Copies implements ColumnType.Visitor<Long> {
        private final long ofUnknownFields;

        /**
         * @param ofUnknownFields of a text in a field that a struct does not know
         */
        Copies(long ofUnknownFields) {
            this.ofUnknownFields = ofUnknownFields;
        }

        /** Whole numbers, which a double has exactly. */
        long most(List<ColumnType.Field> fields) {
            return (long) SharedKeys.this.most(fields, (field, n) -> field.type().accept(this));
        }

        @Override
        public Long primitive(Primitive type) {
            return type == Primitive.STRING || type == Primitive.BINARY ? 1L : 0L;
        }

        @Override
        public Long decimal(DecimalType type) {
            return 0L;
        }

        @Override
        public Long character(CharType type) {
            return 1L;
        }

        @Override
        public Long varchar(VarcharType type) {
            return 1L;
        }

        @Override
        public Long array(ArrayType type) {
            return type.element().accept(this);
        }

        @Override
        public Long map(MapType type) {
            return Math.max(type.key().accept(this), type.value().accept(this));
        }

        @Override
        public Long struct(StructType type) {
            return Math.max(ofUnknownFields, most(type.fields()));
        }
    }
}
