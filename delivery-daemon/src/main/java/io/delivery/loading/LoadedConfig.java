package io.delivery.loading;

import io.delivery.config.DeliveryConfig;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * A configuration without problems.
 *
 * @param streams those of {@code config}, in order
 * @param lines in which line of the file a setting stands, by its dotted path
 */
public record LoadedConfig(
        DeliveryConfig config, List<LoadedStream> streams, ToIntFunction<String> lines) {
    public LoadedConfig {
        streams = List.copyOf(streams);
    }

    /** Of a configuration that is in no file. */
    public LoadedConfig(DeliveryConfig config, List<LoadedStream> streams) {
        this(config, streams, path -> 0);
    }

    /**
     * Where a setting stands, or the nearest section around it when it is not written down.
     *
     * @return the line, from 1; 0 when there is none
     */
    public int line(String path) {
        return lines.applyAsInt(path);
    }
}
