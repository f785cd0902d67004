package io.delivery.convert;

import io.delivery.format.CatalogException;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import java.util.concurrent.CompletionStage;

/**
 * A table of a catalog.
 *
 * @param version {@link SchemaCatalog#LATEST} or a version of the catalog's
 */
public record TableReference(SchemaCatalog catalog, String database, String table, String version) {
    /** Lets the catalog ask for the table, if that is due. */
    CompletionStage<Void> ready() {
        return catalog.ready(database, table, version);
    }

    /**
     * The table as the catalog describes it now, without waiting for anybody who is far away.
     *
     * @param format that the table is wanted for, for the message
     */
    TableSchema schema(String format) throws CatalogException {
        try {
            return catalog.known(database, table, version);
        } catch (CatalogException e) {
            throw new CatalogException(
                    "convert to %s: no schema of %s.%s (version %s): %s"
                            .formatted(format, database, table, version, e.getMessage()),
                    e);
        }
    }
}
