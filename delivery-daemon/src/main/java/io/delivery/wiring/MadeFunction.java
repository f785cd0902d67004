package io.delivery.wiring;

import io.delivery.config.ProcessorSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.function.FunctionStatus;
import io.delivery.processing.Processor;
import java.util.Optional;

/** What a name under functions was made into: several streams may use it. Thread-safe. */
interface MadeFunction extends AutoCloseable {
    /**
     * A processor for one lane, which uses it.
     *
     * @throws IllegalArgumentException when it cannot be one with these settings
     */
    Processor processor(ProcessorSettings.Lambda settings, StreamDefinition stream);

    /** What it is like now; empty when nobody can tell, as of a plugin. */
    Optional<FunctionStatus> status();

    /** Ends what belongs to it. May be called again. */
    @Override
    void close();
}
