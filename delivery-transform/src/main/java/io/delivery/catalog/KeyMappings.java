package io.delivery.catalog;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.format.TableSchema.Column;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds mappings of keys to columns and fields that a table does not have. */
public final class KeyMappings {
    private final Set<String> namesSeen = new HashSet<>();

    private KeyMappings() {}

    /**
     * What is wrong with the mappings of a deserializer that is not the table's own.
     *
     * @return one sentence each
     */
    public static List<String> problems(JsonSerDe.OpenX serde, TableSchema table) {
        return problems(serde, table.columns(), table.partitionColumns());
    }

    /**
     * A mapping of a column that is nowhere. Several columns may be filled from one key: OpenX
     * looks it up for each of them.
     */
    static List<String> problems(
            JsonSerDe.OpenX serde, List<Column> columns, List<Column> partitionColumns) {
        KeyMappings table = new KeyMappings();
        columns.forEach(column -> table.look(column.name(), column.type()));
        partitionColumns.forEach(column -> table.look(column.name(), column.type()));
        List<String> problems = new ArrayList<>();
        for (String column : serde.columnToJsonKeyMappings().keySet()) {
            if (!table.namesSeen.contains(lower(column))) {
                problems.add("there is no column or field " + column + " at any depth");
            }
        }
        return problems;
    }

    private void look(String name, ColumnType type) {
        namesSeen.add(lower(name));
        look(type);
    }

    private void look(ColumnType type) {
        type.accept(new Below()).run();
    }

    /** Looks at the fields that a type has somewhere below it. */
    private final class Below implements ColumnType.Visitor<Runnable> {
        private static final Runnable NOTHING = () -> {};

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
            return () -> look(type.element());
        }

        @Override
        public Runnable map(MapType type) {
            return () -> look(type.value());
        }

        @Override
        public Runnable struct(StructType type) {
            return () -> type.fields().forEach(field -> look(field.name(), field.type()));
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
