package io.delivery.cli;

import io.delivery.loading.LoadedConfig;

/**
 * Makes of a configuration what {@code run} makes of it before it serves, and throws it away:
 * whatever {@code run} reads is read.
 */
@FunctionalInterface
public interface StartCheck {
    /**
     * What {@code run} would find here.
     *
     * @param machine the one it would run on
     * @param online whether catalogs that are elsewhere are asked for their tables, as {@code run}
     *     does, so that the settings of streams are compared with them; that such a table cannot be
     *     had is said by {@link TableProbes}
     */
    ForeseenStart foreseen(LoadedConfig loaded, HostResources machine, boolean online);
}
