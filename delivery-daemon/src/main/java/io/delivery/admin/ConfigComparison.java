package io.delivery.admin;

import io.delivery.config.ConfigChange;
import java.util.List;

/**
 * What another configuration would change.
 *
 * @param changes a row for each stream, store, function and catalog, and one for each other setting
 *     that differs; none of streams when one of them refuses the configuration
 * @param refusals why the service would stay what it is; none when it would go over
 */
public record ConfigComparison(List<ConfigChange> changes, List<String> refusals) {
    public ConfigComparison {
        changes = List.copyOf(changes);
        refusals = List.copyOf(refusals);
    }
}
