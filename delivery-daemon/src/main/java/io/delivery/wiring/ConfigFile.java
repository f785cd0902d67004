package io.delivery.wiring;

import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration file that a service runs with, read at its start and whenever it is told to.
 */
final class ConfigFile {
    private static final Logger log = LoggerFactory.getLogger(ConfigFile.class);

    private final ConfigLoader loader;
    private final Path file;

    ConfigFile(ConfigLoader loader, Path file) {
        this.loader = loader;
        this.file = file;
    }

    /**
     * Reads the file, and the tables that its streams convert to. Records of a table that makes no
     * sense would be accepted, and none would ever land.
     *
     * @throws InvalidConfigException with every problem that somebody must correct
     */
    LoadedConfig read() throws InvalidConfigException {
        LoadedConfig loaded = loader.load(file);
        List<LocatedProblem> lasting = TablesOfStreams.lastingProblems(loaded, file);
        if (!lasting.isEmpty()) {
            throw new InvalidConfigException(lasting);
        }
        return loaded;
    }

    /** Says in the log what may pass by itself. */
    void tellPassingProblems(LoadedConfig loaded) {
        TablesOfStreams.passingProblems(loaded, file)
                .forEach(
                        problem ->
                                log.warn(
                                        "nothing is converted before this is mended: error={}",
                                        problem));
    }

    /** Reads definitions that were kept, with the stores and catalogs that this one has. */
    Service.KeptDefinitions kept(LoadedConfig context) {
        return stream ->
                loader.loadStream(stream.name(), stream.document(), file, context.config());
    }
}
