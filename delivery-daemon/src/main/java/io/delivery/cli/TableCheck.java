package io.delivery.cli;

import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import java.nio.file.Path;
import java.util.List;

/** Reads the tables that the streams of a configuration convert to, as {@code run} will. */
@FunctionalInterface
public interface TableCheck {
    /**
     * Everything that is wrong with them.
     *
     * @param file the configuration, as the user wrote it
     */
    List<LocatedProblem> problems(LoadedConfig loaded, Path file);
}
