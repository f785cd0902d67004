package io.delivery.format;

/** Knows the tables that records are converted to. Thread-safe. */
public interface SchemaCatalog {
    /** The version that means: whatever the table is now. */
    String LATEST = "LATEST";

    /**
     * The schema of a table, at this moment. Called once per object, so it may look at a file, and
     * should answer from memory what is far away.
     *
     * @param version {@link #LATEST}, or a version of the catalog's own, which never changes
     * @throws CatalogException when there is no such table or version, when it cannot be read and
     *     has never been read, or when it makes no sense; it tells everything that is wrong
     */
    TableSchema table(String database, String table, String version) throws CatalogException;
}
