package io.delivery.format;

import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Shows the values of rows to those who look at some of them, those within structs, arrays and maps
 * included. Parts of a table that nobody looks at cost nothing. As thread-safe as the looks are.
 */
public final class ValueWalk {
    /** Nobody looks at the values of a leaf. */
    public static final Look NOTHING = null;

    private final Function<Leaf, Look> looks;
    private final List<Look> columns = new ArrayList<>();
    private int leaves;

    /**
     * A type that has no others in it, at its place in the table.
     *
     * @param number from 0 on, in the order of the table: that of the column of a Parquet file
     * @param path such as {@code orders[].price}; {@code {key}} stands for the keys of a map and
     *     {@code {}} for its values
     * @param type of its values
     * @param isText whether its values are texts, or bytes
     */
    public record Leaf(int number, String path, ColumnType type, boolean isText) {}

    /** Looks at the values of one leaf. */
    @FunctionalInterface
    public interface Look {
        /**
         * Looks at a value that is not null.
         *
         * @return whether that is enough: the walk over these rows ends
         */
        boolean at(RowBuffer rows, int slot);
    }

    /**
     * @param looks who looks at the values of a leaf, {@link #NOTHING} for nobody; asked once for
     *     each leaf, in their order
     */
    public ValueWalk(TableSchema table, Function<Leaf, Look> looks) {
        this.looks = looks;
        for (TableSchema.Column column : table.columns()) {
            columns.add(column.type().accept(new Types(column.name())));
        }
    }

    /** Shows all values of these rows, until somebody has seen enough. */
    public void over(RowBuffer rows) {
        for (int i = 0; i < rows.rowCount(); i++) {
            if (fields(columns, rows, rows.row(i))) {
                return;
            }
        }
    }

    private static boolean fields(List<Look> fields, RowBuffer rows, int first) {
        for (int i = 0; i < fields.size(); i++) {
            if (look(fields.get(i), rows, first + i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean look(Look look, RowBuffer rows, int slot) {
        return look != NOTHING && !rows.isNull(slot) && look.at(rows, slot);
    }

    /** Who looks at values of each type; {@link #NOTHING} where nobody looks at anything in it. */
    private final class Types implements ColumnType.Visitor<Look> {
        private final String path;

        Types(String path) {
            this.path = path;
        }

        @Override
        public Look primitive(Primitive type) {
            return leaf(type, type == Primitive.STRING || type == Primitive.BINARY);
        }

        @Override
        public Look decimal(DecimalType type) {
            return leaf(type, false);
        }

        @Override
        public Look character(CharType type) {
            return leaf(type, true);
        }

        @Override
        public Look varchar(VarcharType type) {
            return leaf(type, true);
        }

        private Look leaf(ColumnType type, boolean isText) {
            return looks.apply(new Leaf(leaves++, path, type, isText));
        }

        @Override
        public Look array(ArrayType type) {
            Look element = type.element().accept(new Types(path + "[]"));
            return element == NOTHING ? NOTHING : elements(element, NOTHING);
        }

        @Override
        public Look map(MapType type) {
            Look key = type.key().accept(new Types(path + "{key}"));
            Look value = type.value().accept(new Types(path + "{}"));
            return key == NOTHING && value == NOTHING ? NOTHING : elements(key, value);
        }

        @Override
        public Look struct(StructType type) {
            List<Look> fields = new ArrayList<>();
            for (ColumnType.Field field : type.fields()) {
                fields.add(field.type().accept(new Types(path + "." + field.name())));
            }
            return fields.stream().allMatch(field -> field == NOTHING)
                    ? NOTHING
                    : (rows, slot) -> fields(fields, rows, rows.first(slot));
        }

        private static Look elements(Look first, Look second) {
            return (rows, slot) -> {
                for (int at = rows.first(slot); at >= 0; at = rows.next(at)) {
                    if (look(first, rows, at) || look(second, rows, at + 1)) {
                        return true;
                    }
                }
                return false;
            };
        }
    }
}
