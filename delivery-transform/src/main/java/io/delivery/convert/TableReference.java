package io.delivery.convert;

import io.delivery.format.CatalogException;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;

/**
 * A table of a catalog.
 *
 * @param version {@link SchemaCatalog#LATEST} or a version of the catalog's
 */
public record TableReference(SchemaCatalog catalog, String database, String table, String version) {
    /**
     * The table as the catalog describes it now.
     *
     * @param format that the table is wanted for, for the message
     */
    TableSchema schema(String format) throws CatalogException {
        try {
            return catalog.table(database, table, version);
        } catch (CatalogException e) {
            throw new CatalogException(
                    "convert to %s: no schema of %s.%s (version %s): %s"
                            .formatted(format, database, table, version, e.getMessage()),
                    e);
        }
    }
}
