package io.delivery.glue;

import io.delivery.config.Suggestion;
import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What Glue is asked for.
 *
 * @param version a number; empty for the table as it is now
 */
record TableName(String database, String table, Optional<String> version) {
    // Glue itself takes more (API reference, Table, Name: 1 to 255 characters on one line). Hive,
    // Athena and Spark do not.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,254}");

    /** API reference, TableVersion: a string that is a number; Glue counts from 0. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /**
     * @param version {@link SchemaCatalog#LATEST}, null or empty for the table as it is now
     * @throws CatalogException when one of them can name nothing
     */
    static TableName of(String database, String table, String version) throws CatalogException {
        requireName("database", database);
        requireName("table", table);
        if (version == null || version.isEmpty() || version.equals(SchemaCatalog.LATEST)) {
            return new TableName(database, table, Optional.empty());
        }
        if (!NUMBER.matcher(version).matches()) {
            throw wrong(
                    Reason.INVALID_VERSION_ID,
                    "version",
                    "a version is "
                            + SchemaCatalog.LATEST
                            + " or a number, was "
                            + version
                            + Suggestion.ask(version, List.of(SchemaCatalog.LATEST)));
        }
        return new TableName(database, table, Optional.of(version));
    }

    private static void requireName(String what, String name) throws CatalogException {
        if (name == null || !NAME.matcher(name).matches()) {
            throw wrong(
                    Reason.INVALID_INPUT,
                    what,
                    "a "
                            + what
                            + " name has letters, digits, _ and -, 1 to 255 of them, was "
                            + name);
        }
    }

    private static CatalogException wrong(Reason reason, String path, String message) {
        return new CatalogException(
                reason, List.of(new SchemaProblem(Cause.NAME, "", 0, path, message)));
    }

    /** The same table as it is now. */
    TableName latest() {
        return new TableName(database, table, Optional.empty());
    }

    @Override
    public String toString() {
        return database + "." + table + version.map(number -> " version " + number).orElse("");
    }
}
