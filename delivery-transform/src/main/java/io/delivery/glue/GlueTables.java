package io.delivery.glue;

import io.delivery.format.CatalogException;
import io.delivery.format.TableSchema;

/** Asks whoever has the tables. Nothing is remembered here. Thread-safe. */
interface GlueTables extends AutoCloseable {
    /**
     * Asks once and waits for the answer, for a bounded time.
     *
     * @throws CatalogException when there is no such table or version, when it makes no sense, or
     *     when nobody tells
     */
    TableSchema read(TableName name) throws CatalogException;

    /** Ends what is under way, which fails then. */
    @Override
    void close();
}
