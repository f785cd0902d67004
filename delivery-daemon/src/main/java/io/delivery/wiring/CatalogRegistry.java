package io.delivery.wiring;

import io.delivery.catalog.FileCatalog;
import io.delivery.config.CatalogDefinition;
import io.delivery.config.CatalogSettings;
import io.delivery.config.ConfigChange;
import io.delivery.config.FormatSettings;
import io.delivery.format.CatalogException;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import io.delivery.glue.GlueCatalog;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.world.World;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalogs of the configuration, by name. Components work with the generation that they were
 * made with, so a former one is closed with the last of them; a stream that names a catalog which
 * has changed gets new components. Thread-safe.
 */
final class CatalogRegistry implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CatalogRegistry.class);

    private final NamedGenerations<CatalogSettings, SchemaCatalog> made;

    CatalogRegistry(World world) {
        this(catalog -> open(catalog, world));
    }

    /**
     * @param maker opens a catalog
     */
    CatalogRegistry(NamedGenerations.Maker<CatalogSettings, SchemaCatalog> maker) {
        this.made = new NamedGenerations<>("catalog", maker, SchemaCatalog::close);
    }

    private static SchemaCatalog open(CatalogSettings catalog, World world) {
        return catalog.definition()
                .choose(
                        CatalogRegistry::files,
                        glue -> GlueCatalog.open(catalog.name(), glue, world));
    }

    /**
     * A catalog for somebody who wants to know what it says, however long that takes; whoever opens
     * it closes it.
     */
    static SchemaCatalog openToLook(CatalogSettings catalog, World world) {
        return catalog.definition()
                .choose(
                        CatalogRegistry::files,
                        glue -> GlueCatalog.patient(catalog.name(), glue, world));
    }

    private static SchemaCatalog files(CatalogDefinition.Files files) {
        return new FileCatalog(files.directory(), JsonRecordDecoder::checkTimestampFormat);
    }

    /**
     * Opens what other settings of the catalogs need. One change at a time.
     *
     * @throws IOException when a catalog cannot be opened; nothing has changed
     */
    Change prepare(List<CatalogSettings> settings) throws IOException {
        return new Change(made.prepare(byName(settings)));
    }

    /** What catalogs are made of: a catalog with another one is another one. */
    static Map<String, CatalogSettings> byName(List<CatalogSettings> settings) {
        Map<String, CatalogSettings> byName = new LinkedHashMap<>();
        settings.forEach(catalog -> byName.put(catalog.name(), catalog));
        return byName;
    }

    /** The table as its catalog describes it now; empty when nobody can tell. */
    Optional<TableSchema> table(FormatSettings.SchemaReference schema) {
        try {
            return read(schema);
        } catch (CatalogException unreadable) {
            log.debug("table cannot be read: table={}", schema, unreadable);
            return Optional.empty();
        }
    }

    /** Why there is certainly no such table, or none that is of use; empty otherwise. */
    Optional<String> whyCertainlyNone(FormatSettings.SchemaReference schema) {
        try {
            read(schema);
            return Optional.empty();
        } catch (CatalogException refused) {
            boolean certain =
                    refused.problems().stream()
                            .noneMatch(problem -> problem.cause() == Cause.UNREADABLE);
            return certain ? Optional.of(refused.getMessage()) : Optional.empty();
        }
    }

    /** Empty when there is no such catalog. */
    private Optional<TableSchema> read(FormatSettings.SchemaReference schema)
            throws CatalogException {
        Optional<Generation.Lease<SchemaCatalog>> catalog = made.leaseNow(schema.catalog());
        if (catalog.isEmpty()) {
            return Optional.empty();
        }
        try (Generation.Lease<SchemaCatalog> lease = catalog.get()) {
            return Optional.of(
                    lease.value().table(schema.database(), schema.table(), schema.version()));
        }
    }

    /** Another configuration of the catalogs. */
    final class Change implements AutoCloseable {
        private final NamedGenerations<CatalogSettings, SchemaCatalog>.Prepared next;

        private Change(NamedGenerations<CatalogSettings, SchemaCatalog>.Prepared next) {
            this.next = next;
        }

        /**
         * Leases a catalog for components.
         *
         * @throws IllegalArgumentException when this configuration has no such catalog
         */
        Generation.Lease<SchemaCatalog> lease(String name) {
            return next.lease(name);
        }

        /**
         * What a catalog of this configuration was made of.
         *
         * @throws IllegalArgumentException when it has no such catalog
         */
        CatalogSettings settings(String name) {
            return next.settings(name);
        }

        /** Whether components that were made with the present one need others. */
        boolean replaces(String name) {
            return next.makesAnew(name);
        }

        /** What it changes; to be asked for before it takes effect. */
        List<ConfigChange> changes() {
            return next.changes(
                    ConfigChange.Part.CATALOG, name -> false, ConfigChange.Kind.NEW_SETTINGS);
        }

        void takeEffect() {
            for (String gone : next.takeEffect((name, newest) -> {})) {
                made.remove(gone).ifPresent(Generation::retire);
            }
        }

        /** Closes what was opened for it, unless it has taken effect. */
        @Override
        public void close() {
            next.close();
        }
    }

    /** Closes all of them, whatever is under way: the process ends. */
    @Override
    public void close() {
        made.end();
    }
}
