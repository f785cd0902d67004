package io.delivery.admin;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The configuration as an operator sees it. Thread-safe. */
@FunctionalInterface
public interface ConfigDesk {
    /**
     * What would change if this text came into the place of the configuration file. Changes
     * nothing. May take as long as a reload does.
     *
     * @param name what to call it in messages
     * @return empty when the service has no configuration file, or has not started yet
     */
    Optional<CompletionStage<ConfigComparison>> compare(String name, byte[] text);
}
