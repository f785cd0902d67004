package io.delivery.cli;

import io.delivery.config.ConfigChange;
import io.delivery.loading.LoadedConfig;
import java.util.List;

/** Says what differs between two configurations, as a reload of the one to the other would. */
@FunctionalInterface
public interface ConfigComparer {
    /**
     * A row for each stream, store, function and catalog, and one for each other setting that
     * differs.
     */
    List<ConfigChange> between(LoadedConfig before, LoadedConfig next);
}
