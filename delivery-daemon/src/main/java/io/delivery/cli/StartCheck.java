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
     */
    List<LocatedProblem> problems(LoadedConfig loaded, HostResources machine);
}
