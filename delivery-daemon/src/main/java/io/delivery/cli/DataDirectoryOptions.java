package io.delivery.cli;

import io.delivery.config.ConfigProblems;
import io.delivery.crypt.MasterKeys;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.ConfigParts;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.MasterKeyFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
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
                    "The data directory (default: dataDir of the configuration, of which nothing else is"
                            + " needed). It is never written to; its daemon may be running.")
    private Path directory;

    /** What a command does with a data directory that it can look at. */
    @FunctionalInterface
    interface Look {
        /** Answers the exit code. */
        int at(Path directory) throws IOException, RefusedArgumentException;
    }

    /**
     * Looks, or says on standard error why it cannot.
     *
     * @return the exit code
     * @throws ParameterException when the directory was named twice
     */
    int look(ConfigLoader loader, DataDirectoryCheck check, Look look) {
        PrintWriter err = spec.commandLine().getErr();
        try {
            Path found = directory(loader);
            Optional<String> refusal = check.refusal(found);
            if (refusal.isPresent()) {
                err.println(refusal.get());
                return ExitCodes.DATA_DIRECTORY;
            }
            return look.at(found);
        } catch (RefusedArgumentException refused) {
            err.println(refused.getMessage());
            return ExitCodes.of(refused);
        } catch (InvalidConfigException refused) {
            err.println(refused.getMessage());
            err.println("(--data-dir DIR does without the configuration)");
            return ExitCodes.CONFIG_REFUSED;
        } catch (IOException unreadable) {
            err.println("the data directory cannot be read: " + unreadable);
            return ExitCodes.DATA_DIRECTORY;
        }
    }

    /** The configuration that was named, or the default; with {@link #isNamed} it is not needed. */
    Path configFile() {
        return config.file();
    }

    /**
     * The master keys of the configuration, for what is encrypted. Those that cannot be read are
     * left out: who meets a record that needs one says so.
     */
    MasterKeys masterKeys(ConfigLoader loader) {
        if (directory != null) {
            return MasterKeys.NONE;
        }
        return masterKeys(loader.loadParts(config.file()));
    }

    /** The same of a configuration that was read. */
    static MasterKeys masterKeys(ConfigParts parts) {
        try {
            return MasterKeyFiles.read(
                    parts.require("encryption").masterKeys(), new ConfigProblems());
        } catch (InvalidConfigException notNeeded) {
            return MasterKeys.NONE;
        }
    }

    /** Whether the directory itself was named. */
    boolean isNamed() {
        return directory != null;
    }

    private Path directory(ConfigLoader loader) throws InvalidConfigException {
        if (directory == null) {
            return loader.loadParts(config.file()).require("dataDir").dataDir();
        }
        if (config.given()) {
            throw new ParameterException(
                    spec.commandLine(), "Name the data directory once: --data-dir or --config");
        }
        return directory;
    }
}
