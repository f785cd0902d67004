package io.delivery.verify;

import io.delivery.landing.ObjectListing;
import java.util.Optional;

/** The stores that are configured. */
@FunctionalInterface
public interface ListedStores {
    /**
     * @return empty when no store is called so
     */
    Optional<ObjectListing> store(String name);
}
