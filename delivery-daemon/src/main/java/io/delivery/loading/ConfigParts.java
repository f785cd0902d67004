package io.delivery.loading;

import io.delivery.config.DeliveryConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A configuration of which only parts are needed: whoever asks a running service for its status
 * needs its address, and not the secrets of the stores. What is wrong with a part counts once
 * somebody needs it; until then it holds a placeholder.
 */
public final class ConfigParts {
    private final Optional<DeliveryConfig> config;
    private final ConfigReading reading;

    ConfigParts(Optional<DeliveryConfig> config, ConfigReading reading) {
        this.config = config;
        this.reading = reading;
    }

    /**
     * The configuration, whose settings at these paths and below them are right.
     *
     * @param paths dotted, for example {@code server.admin}
     * @throws InvalidConfigException with what is wrong at these paths, above or below them, and
     *     with misspelt settings beside them
     */
    public DeliveryConfig require(String... paths) throws InvalidConfigException {
        List<LocatedProblem> problems =
                reading.problems().stream().filter(problem -> concerns(problem, paths)).toList();
        if (!problems.isEmpty() || config.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        return config.get();
    }

    private boolean concerns(LocatedProblem problem, String... paths) {
        String at = problem.path();
        // What is misspelt may have been meant as any setting of its section.
        String spelt = reading.isUnknown(at) ? ConfigReading.parent(at) : at;
        return Arrays.stream(paths).anyMatch(path -> isWithin(at, path) || isWithin(path, spelt));
    }

    /** Whether the one is the other, or below it; everything is within the file. */
    private static boolean isWithin(String path, String section) {
        return section.isEmpty()
                || path.equals(section)
                || path.startsWith(section + ".")
                || path.startsWith(section + "[");
    }
}
