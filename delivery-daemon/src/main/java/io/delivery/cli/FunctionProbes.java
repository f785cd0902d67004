package io.delivery.cli;

import io.delivery.config.FunctionSettings;
import io.delivery.landing.StoreProbe.Finding;
import java.util.Optional;

/** Tries whether the address of a function answers. Invokes nothing. */
@FunctionalInterface
public interface FunctionProbes {
    /**
     * Connects to whoever runs a function.
     *
     * @return empty for a function that runs here
     */
    Optional<Finding> probe(FunctionSettings function);
}
