package io.delivery.wiring;

import io.delivery.config.CatalogSettings;
import io.delivery.config.FormatSettings;
import io.delivery.format.CatalogException;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.world.World;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Catalogs that are open for one look at the tables of a configuration. */
final class OpenCatalogs implements AutoCloseable {
    private final World world;
    private final Map<String, SchemaCatalog> open = new HashMap<>();

    /** Each question to one of these would take as long as nobody answers. */
    private final Set<String> silent = new HashSet<>();

    OpenCatalogs(World world) {
        this.world = world;
    }

    /**
     * What the catalog says of a table.
     *
     * @throws CatalogException when it gives no usable table
     */
    TableSchema read(CatalogSettings catalog, FormatSettings.SchemaReference schema)
            throws CatalogException {
        try {
            return open.computeIfAbsent(
                            catalog.name(), name -> CatalogRegistry.openToLook(catalog, world))
                    .table(schema.database(), schema.table(), schema.version());
        } catch (CatalogException refused) {
            if (isSilence(refused.reason())) {
                silent.add(catalog.name());
            }
            throw refused;
        }
    }

    private static boolean isSilence(CatalogException.Reason reason) {
        return switch (reason) {
            case SCHEMA_VALIDATION_TIMEOUT, GLUE_NOT_AVAILABLE_IN_REGION, INVALID_GLUE_ROLE -> true;
            case ENTITY_NOT_FOUND,
                    INVALID_INPUT,
                    INVALID_VERSION_ID,
                    INVALID_SCHEMA,
                    INVALID_TYPE_FORMAT,
                    NON_EXISTENT_COLUMNS,
                    ACCESS_DENIED,
                    THROTTLED_BY_GLUE,
                    GLUE_ENCRYPTION,
                    CUSTOMER_ERROR,
                    INTERNAL_ERROR ->
                    false;
        };
    }

    /**
     * Whether nobody answers for this catalog, or nobody there knows us: the others are not asked.
     */
    boolean isSilent(CatalogSettings catalog) {
        return silent.contains(catalog.name());
    }

    @Override
    public void close() {
        open.values().forEach(SchemaCatalog::close);
    }
}
