package io.delivery.cli;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.StreamDefinition;
import io.delivery.function.FunctionLog;
import io.delivery.loading.InvalidConfigException;
import java.io.IOException;

/** Makes the processing of a stream for records that nobody accepted. */
@FunctionalInterface
public interface SampleRuns {
    /**
     * Makes decompression, splitting, processors and partitioning of a stream. Touches no data
     * directory.
     *
     * @param config has the functions that the stream names
     * @param log takes what functions write
     * @throws InvalidConfigException when a function cannot run here; each problem says why
     * @throws IOException when its code cannot be read, or there is no room to unpack it
     */
    SampleRun open(DeliveryConfig config, StreamDefinition stream, FunctionLog log)
            throws IOException, InvalidConfigException;
}
