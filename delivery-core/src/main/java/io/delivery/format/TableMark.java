package io.delivery.format;

import java.util.Map;

/** What the metadata of a file says of the table whose columns it has. */
public final class TableMark {
    /** Key of the table's name, {@code database.table}. */
    public static final String TABLE = "delivery.table";

    /** Key of the table's version. */
    public static final String VERSION = "delivery.table.version";

    private TableMark() {}

    /** The keys of a file's metadata and their values. */
    public static Map<String, String> of(TableSchema table) {
        return Map.of(TABLE, table.qualifiedName(), VERSION, table.version());
    }
}
