package io.delivery.glue;

import io.delivery.config.CatalogDefinition;
import io.delivery.format.CatalogException;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.world.Clock;
import io.delivery.world.Scheduler;
import io.delivery.world.World;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tables of an AWS Glue Data Catalog. Thread-safe.
 *
 * <p>{@link SchemaCatalog#LATEST} is what GetTable says. It is kept in memory, and asked for again
 * by the first caller that finds it older than {@code refresh}: Glue hears of no single object.
 * While Glue does not give the table, whatever the reason, the last schema stays in force until it
 * is older than {@code staleIfError}; then there is none. A version with a number is asked for once
 * (GetTableVersion) and kept, because Glue never changes it.
 *
 * <p>Nothing is kept on disk: after a restart a table is unknown until Glue has given it.
 */
public final class GlueCatalog implements SchemaCatalog {
    /** An object is not late by more than this because of Glue. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Requests that may be under way at a time. */
    private static final int REQUESTS = 2;

    private final String name;
    private final GlueTables tables;
    private final KnownTable.Timing timing;
    private final Clock clock;
    private final KnownTable.Threads threads;

    /** As many as there are tables that streams name or have named. */
    private final Map<TableName, KnownTable> known = new ConcurrentHashMap<>();

    GlueCatalog(
            String name,
            GlueTables tables,
            KnownTable.Timing timing,
            Clock clock,
            KnownTable.Threads threads) {
        this.name = name;
        this.tables = tables;
        this.timing = timing;
        this.clock = clock;
        this.threads = threads;
    }

    /**
     * For streams: Glue is waited for two seconds at most, and what is in force is told when there
     * is no answer by then. Asks for nothing yet.
     *
     * @param name of the catalog in the configuration
     */
    public static GlueCatalog open(String name, CatalogDefinition.Glue settings, World world) {
        return open(name, settings, world, PATIENCE);
    }

    /** For somebody who wants to know what Glue says: a call waits until that is certain. */
    public static GlueCatalog patient(String name, CatalogDefinition.Glue settings, World world) {
        return open(name, settings, world, GlueHttp.LIMIT.multipliedBy(3));
    }

    private static GlueCatalog open(
            String name, CatalogDefinition.Glue settings, World world, Duration patience) {
        return new GlueCatalog(
                name,
                new GlueApi(settings, world.scheduler()),
                new KnownTable.Timing(settings.refresh(), settings.staleIfError(), patience),
                world.clock(),
                threads(name, world.scheduler()));
    }

    /**
     * @param name of the catalog in the configuration
     */
    static KnownTable.Threads threads(String name, Scheduler scheduler) {
        return new KnownTable.Threads(
                scheduler,
                scheduler.pool("catalog " + name, REQUESTS),
                scheduler.serial("catalog-timeouts " + name));
    }

    /**
     * Looks at names alone, without asking Glue.
     *
     * @throws CatalogException when they can name no table or version of Glue's
     */
    public static void checkNames(String database, String table, String version)
            throws CatalogException {
        TableName.of(database, table, version);
    }

    @Override
    public TableSchema table(String database, String table, String version)
            throws CatalogException {
        return named(database, table, version).schema();
    }

    @Override
    public CompletionStage<Void> ready(String database, String table, String version) {
        try {
            return named(database, table, version).ready();
        } catch (CatalogException noName) {
            return CompletableFuture.completedFuture(null); // whoever asks for it is told
        }
    }

    @Override
    public TableSchema known(String database, String table, String version)
            throws CatalogException {
        return named(database, table, version).known();
    }

    private KnownTable named(String database, String table, String version)
            throws CatalogException {
        return known.computeIfAbsent(TableName.of(database, table, version), this::unknown);
    }

    private KnownTable unknown(TableName table) {
        return new KnownTable(name, table, tables, timing, clock, threads);
    }

    @Override
    public void close() {
        tables.close();
    }
}
