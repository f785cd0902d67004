package io.delivery.compatibility;

import io.delivery.api.control.Resolver;
import io.delivery.config.DeliveryConfig;
import java.util.Optional;
import java.util.Set;

/**
 * What names mean in a configuration. Queries yield {@code k}, and any timestamp format will do:
 * what is looked at is what becomes of names.
 */
record NamesOf(DeliveryConfig config) implements Resolver {
    @Override
    public Optional<Set<String>> queryKeys(String query) {
        return Optional.of(Set.of("k"));
    }

    @Override
    public void checkTimestampFormat(String format) {
        // Each is taken.
    }
}
