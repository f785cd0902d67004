package io.delivery.cli;

import io.delivery.config.StoreSettings;
import io.delivery.landing.ObjectListing;
import java.io.IOException;

/** Opens stores to look into them. */
@FunctionalInterface
public interface ObjectListings {
    /**
     * @throws IOException when the store's settings cannot be used here, e.g. an unreadable CA file
     */
    ObjectListing open(StoreSettings store) throws IOException;
}
