package io.delivery.loading;

import io.delivery.config.DeliveryConfig;
import java.util.List;

/** A configuration without problems. {@code streams} are those of {@code config}, in order. */
public record LoadedConfig(DeliveryConfig config, List<LoadedStream> streams) {
    public LoadedConfig {
        streams = List.copyOf(streams);
    }
}
