package io.delivery.verify;

import io.delivery.landing.ObjectListing;
import java.io.IOException;
import java.util.Optional;

/** The stores that are configured. */
@FunctionalInterface
public interface ListedStores {
    /**
     * @return empty when no store is called so
     * @throws IOException when its settings cannot be used here, e.g. an unreadable CA file
     */
    Optional<ObjectListing> store(String name) throws IOException;
}
