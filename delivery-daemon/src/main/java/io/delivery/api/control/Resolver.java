package io.delivery.api.control;

import io.delivery.config.DeliveryConfig;
import java.util.Optional;
import java.util.Set;

/** What the names in an API document mean here. Thread-safe. */
public interface Resolver {
    /** Stores, bucket rules, functions and catalogs that are configured at this moment. */
    DeliveryConfig config();

    /**
     * Compiles a partitioning query.
     *
     * @return the names of the object it yields, when its text tells them
     * @throws IllegalArgumentException when it cannot run; the message says why
     */
    Optional<Set<String>> queryKeys(String query);

    /**
     * Looks at a timestamp format of the Hive deserializer.
     *
     * @throws IllegalArgumentException when it makes no sense; the message says why
     */
    void checkTimestampFormat(String format);
}
