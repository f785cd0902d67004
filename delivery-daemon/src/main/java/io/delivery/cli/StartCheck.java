package io.delivery.cli;

import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import java.util.List;

/**
 * Makes of a configuration what {@code run} makes of it before it serves, and throws it away:
 * whatever {@code run} reads is read.
 */
@FunctionalInterface
public interface StartCheck {
    /**
     * Everything for which {@code run} would refuse to start here, or start with a trouble.
     *
     * @param machine the one it would run on
     * @param online whether catalogs that are elsewhere are asked for their tables, as {@code run}
     *     does, so that the settings of streams are compared with them; that such a table cannot be
     *     had is said by {@link TableProbes}
     */
    List<LocatedProblem> problems(LoadedConfig loaded, HostResources machine, boolean online);
}
