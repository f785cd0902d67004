package io.delivery.cli;

import io.delivery.config.DeliveryConfig;
import io.delivery.landing.StoreProbe.Finding;
import java.util.List;
import java.util.Map;

/** Asks catalogs that are elsewhere for the tables that streams name. */
@FunctionalInterface
public interface TableProbes {
    /**
     * Asks for each table once.
     *
     * @return what was found, by catalog ({@code catalogs.NAME}); catalogs that are folders are not
     *     in it
     */
    Map<String, List<Finding>> probe(DeliveryConfig config);
}
