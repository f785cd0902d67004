package io.delivery.orc;

import io.delivery.format.TableSchema;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of Bloom filters that were asked for and are not written: once for each column and
 * reason, whatever the number of objects. Thread-safe.
 */
final class LeftOutFilters {
    private static final Logger LOG = LoggerFactory.getLogger(LeftOutFilters.class);

    private final Set<String> missing = ConcurrentHashMap.newKeySet();
    private final Set<String> tooLarge = ConcurrentHashMap.newKeySet();
    private final Consumer<String> log;

    LeftOutFilters() {
        this(LOG::warn);
    }

    /**
     * @param log takes a line each time
     */
    LeftOutFilters(Consumer<String> log) {
        this.log = log;
    }

    /** The table does not have the column. */
    void missing(String column, TableSchema table) {
        if (missing.add(column)) {
            log.accept(
                    "objects have no Bloom filter of a column that the table does not have:"
                            + " column=%s table=%s".formatted(column, table.qualifiedName()));
        }
    }

    /** The filters before it take the memory that an object has for them. */
    void tooLarge(String column, TableSchema table) {
        if (tooLarge.add(column)) {
            log.accept(
                    "objects have no Bloom filter of a column, because all filters together would"
                            + " take too much memory; lower rowIndexStride, or name fewer columns:"
                            + " column=%s table=%s".formatted(column, table.qualifiedName()));
        }
    }
}
