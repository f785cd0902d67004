package io.delivery.format;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Knows the tables that records are converted to. Thread-safe. What it answers stays as it is. */
public interface SchemaCatalog extends AutoCloseable {
    /** The version that means: whatever the table is now. */
    String LATEST = "LATEST";

    /**
     * The schema of a table, at this moment. It may wait for somebody who is far away, for a
     * bounded time.
     *
     * <p>A table that has been read and cannot be read any more, or makes no sense any more, stays
     * what it was for as long as the catalog says, at most as long as the process lives. Then, and
     * for a table that has never been read, the catalog refuses and guesses nothing: what is to be
     * converted waits.
     *
     * @param version {@link #LATEST}, which null and the empty text mean as well, or a version of
     *     the catalog's own, which never changes
     * @throws CatalogException when a name is none ({@code INVALID_INPUT}; null is none), when
     *     there is no such table ({@code ENTITY_NOT_FOUND}) or version ({@code
     *     INVALID_VERSION_ID}), when it cannot be read and has never been read, or when it makes no
     *     sense; it tells everything that is wrong. Asked again, it may answer
     */
    TableSchema table(String database, String table, String version) throws CatalogException;

    /**
     * Has a table asked for, if that is due, so that {@link #known} tells its schema of this
     * moment. Returns at once and never fails: what is wrong is told by {@link #known}.
     *
     * @return completes when the answer is there, or when it has been waited for long enough; on a
     *     thread that must not be kept
     */
    default CompletionStage<Void> ready(String database, String table, String version) {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * The same as {@link #table}, for somebody who has waited for {@link #ready}. Called once per
     * object on a thread that others wait for: it may look at a file, and waits for nobody.
     */
    default TableSchema known(String database, String table, String version)
            throws CatalogException {
        return table(database, table, version);
    }

    /** Nobody asks it any more. A catalog that has no connections has nothing to close. */
    @Override
    default void close() {
        // Nothing is its own.
    }
}
