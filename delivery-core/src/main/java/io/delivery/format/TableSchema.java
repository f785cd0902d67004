package io.delivery.format;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A table as a catalog describes it.
 *
 * @param version which version this is: a number, or a mark of the content when the catalog does
 *     not number
 * @param columns what is written to files, in this order; at least one
 * @param partitionColumns what readers take from the object's name: never written to files
 * @param serde how JSON is read into the columns
 */
public record TableSchema(
        String database,
        String table,
        String version,
        List<Column> columns,
        List<Column> partitionColumns,
        JsonSerDe serde) {
    /**
     * @throws IllegalArgumentException when there are no columns, one with a name that no file has,
     *     or two of the same name; case does not count
     */
    public TableSchema {
        columns = List.copyOf(columns);
        partitionColumns = List.copyOf(partitionColumns);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a table needs at least one column");
        }
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            requireNew(names, column.inFiles(), "column");
        }
        for (Column column : partitionColumns) {
            requireNew(names, column, "partition column");
        }
    }

    private static void requireNew(Set<String> names, Column column, String what) {
        if (!names.add(column.name().toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(what + " " + column.name() + " is there twice");
        }
    }

    /** The name people use: {@code database.table}. */
    public String qualifiedName() {
        return database + "." + table;
    }

    /**
     * One column.
     *
     * @param name 1 to 255 characters, without control characters; without dots as well, by Hive's
     *     rule, when the column is written to files
     * @param comment for people; may be empty
     */
    public record Column(String name, ColumnType type, String comment) {
        /**
         * @throws IllegalArgumentException when the name is empty, too long or has control
         *     characters
         */
        public Column {
            FieldNames.require(name, "column");
        }

        /**
         * This column, which is written to files.
         *
         * @throws IllegalArgumentException when its name has a dot
         */
        public Column inFiles() {
            if (name.indexOf('.') >= 0) {
                throw new IllegalArgumentException(
                        "a column name has no dots, was "
                                + name
                                + "; only the fields of a struct may have them");
            }
            return this;
        }

        public Column(String name, ColumnType type) {
            this(name, type, "");
        }
    }
}
