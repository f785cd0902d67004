package io.delivery.cli;

import io.delivery.config.StoreSettings;
import io.delivery.landing.StoreProbe;
import java.io.IOException;

/** Opens stores to try them. */
@FunctionalInterface
public interface StoreProbes {
    /**
     * @throws IOException when the store's settings cannot be used here, e.g. an unreadable CA file
     */
    StoreProbe open(StoreSettings store) throws IOException;
}
