package io.delivery.catalog;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.Field;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.format.TableSchema.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds what is wrong with the keys that fill a table's columns and the fields of its structs. */
public final class KeyMappings {
    private final JsonSerDe.OpenX serde;
    private final Map<String, String> keyOfColumn = new HashMap<>();
    private final Set<String> namesSeen = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    private KeyMappings(JsonSerDe.OpenX serde) {
        this.serde = serde;
        serde.columnToJsonKeyMappings()
                .forEach((column, key) -> keyOfColumn.put(lower(column), key));
    }

    /**
     * What is wrong with the mappings of a deserializer that is not the table's own.
     *
     * @return one sentence each
     */
    public static List<String> problems(JsonSerDe.OpenX serde, TableSchema table) {
        return problems(serde, table.columns(), table.partitionColumns());
    }

    /**
     * A mapping of a column that is nowhere, and two columns of one row, or two fields of one
     * struct, that the same key would fill: all but one of them would always be null.
     */
    static List<String> problems(
            JsonSerDe.OpenX serde, List<Column> columns, List<Column> partitionColumns) {
        KeyMappings mappings = new KeyMappings(serde);
        List<Field> row = new ArrayList<>();
        for (Column column : columns) {
            row.add(new Field(column.name(), column.type()));
        }
        for (Column partition : partitionColumns) {
            row.add(new Field(partition.name(), partition.type()));
        }
        mappings.look("", row);
        for (String column : serde.columnToJsonKeyMappings().keySet()) {
            if (!mappings.namesSeen.contains(lower(column))) {
                mappings.problems.add("there is no column or field " + column + " at any depth");
            }
        }
        return mappings.problems;
    }

    private void look(String path, List<Field> fields) {
        Map<String, String> nameOfKey = new HashMap<>();
        for (Field field : fields) {
            String name = path + field.name();
            namesSeen.add(lower(field.name()));
            String key = keyOf(field.name());
            String other = nameOfKey.putIfAbsent(key, name);
            if (other != null) {
                problems.add(other + " and " + name + " would both be filled from the key " + key);
            }
            look(name, field.type());
        }
    }

    private void look(String path, ColumnType type) {
        type.accept(new Below(path)).run();
    }

    /** Looks at the fields that a type has somewhere below it. */
    private final class Below implements ColumnType.Visitor<Runnable> {
        private static final Runnable NOTHING = () -> {};

        private final String path;

        Below(String path) {
            this.path = path;
        }

        @Override
        public Runnable primitive(Primitive type) {
            return NOTHING;
        }

        @Override
        public Runnable decimal(DecimalType type) {
            return NOTHING;
        }

        @Override
        public Runnable character(CharType type) {
            return NOTHING;
        }

        @Override
        public Runnable varchar(VarcharType type) {
            return NOTHING;
        }

        @Override
        public Runnable array(ArrayType type) {
            return () -> look(path + "[]", type.element());
        }

        @Override
        public Runnable map(MapType type) {
            return () -> look(path + "{}", type.value());
        }

        @Override
        public Runnable struct(StructType type) {
            return () -> look(path + ".", type.fields());
        }
    }

    /**
     * In the form in which the deserializer compares it. Dots do not matter: of {@code a.b} and
     * {@code a_b} each has its own key, which counts before the other's.
     */
    private String keyOf(String name) {
        String key = keyOfColumn.getOrDefault(lower(name), name);
        return serde.caseInsensitive() ? lower(key) : key;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
