package io.delivery.cli;

import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The data directory that a command looks at: named, or the one of the configuration. */
final class DataDirectoryOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin private ConfigOption config;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "The data directory (default: dataDir of the configuration). It is never"
                            + " written to; its daemon may be running.")
    private Path directory;

    /**
     * Where it is.
     *
     * @throws InvalidConfigException when the configuration is needed and cannot be read
     * @throws ParameterException when it was named twice
     */
    Path directory(ConfigLoader loader) throws InvalidConfigException {
        if (directory == null) {
            return loader.load(config.file()).config().dataDir();
        }
        if (config.given()) {
            throw new ParameterException(
                    spec.commandLine(), "Name the data directory once: --data-dir or --config");
        }
        return directory;
    }
}
