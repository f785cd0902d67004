package io.delivery.wiring;

import io.delivery.api.ApiException;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.DefinitionReader;
import io.delivery.cli.HostResources;
import io.delivery.config.DeliveryConfig;
import io.delivery.home.KeptStream;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LoadedStream;
import io.delivery.loading.LocatedProblem;
import io.delivery.loading.ObjectBytes;
import io.delivery.machine.FileDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration file that a service runs with, read at its start and whenever it is told to.
 */
final class ConfigFile {
    private static final Logger log = LoggerFactory.getLogger(ConfigFile.class);

    private final ConfigLoader loader;
    private final Path file;
    private volatile List<LocatedProblem> troubles = List.of();
    private volatile ObjectBytes objectBytes = ObjectBytes.NO_TABLES;

    ConfigFile(ConfigLoader loader, Path file) {
        this.loader = loader;
        this.file = file;
    }

    /**
     * Reads the file and everything that it names: {@link StartParts}.
     *
     * @throws InvalidConfigException with every problem that somebody must correct
     */
    LoadedConfig read() throws InvalidConfigException {
        return inForce(loader.load(file), Optional.empty());
    }

    /**
     * The same for a service that runs. A file that it watches and that cannot be used now is no
     * reason to refuse the rest: the service tells of it, and its former contents count.
     *
     * @param running what is in force
     * @throws InvalidConfigException with every problem that somebody must correct
     */
    LoadedConfig readAgain(DeliveryConfig running) throws InvalidConfigException {
        return inForce(loader.load(file, ReloadedFiles.of(running)), Optional.of(running));
    }

    /**
     * A text as it would be read if it were in this file, for a service that runs.
     *
     * @param name what to call it in messages
     * @param running what is in force
     * @throws InvalidConfigException with every problem that somebody must correct
     */
    LoadedConfig readInstead(String name, byte[] text, DeliveryConfig running)
            throws InvalidConfigException {
        LoadedConfig loaded = loader.loadInPlaceOf(file, name, text, ReloadedFiles.of(running));
        checked(loaded, Optional.of(running));
        return loaded;
    }

    private LoadedConfig inForce(LoadedConfig loaded, Optional<DeliveryConfig> running)
            throws InvalidConfigException {
        StartParts parts = checked(loaded, running);
        troubles = parts.troubles();
        objectBytes = parts.objectBytes();
        return loaded;
    }

    private static StartParts checked(LoadedConfig loaded, Optional<DeliveryConfig> running)
            throws InvalidConfigException {
        StartParts parts =
                StartParts.of(
                        loaded,
                        HostResources.local(new FileDisk()),
                        TablesOfStreams.Asked.EVERYWHERE,
                        running);
        if (!parts.refusals().isEmpty()) {
            throw new InvalidConfigException(parts.refusals());
        }
        return parts;
    }

    /** Where it is, as the user wrote it. */
    Path path() {
        return file;
    }

    /** Says in the log what may pass by itself of what was read last. */
    void tellPassingProblems() {
        troubles.forEach(problem -> log.warn("to be mended: error={}", problem));
    }

    /** What objects may take, by the tables that were read last. */
    ObjectBytes objectBytes() {
        return objectBytes;
    }

    /** Reads definitions that were kept, with the stores and catalogs that this one has. */
    InForce.KeptDefinitions kept(LoadedConfig context) {
        return stream ->
                switch (stream.origin()) {
                    case YAML ->
                            loader.loadStream(
                                    stream.name(), stream.document(), file, context.config());
                    case API -> madeThroughTheApi(stream, context);
                };
    }

    /** Reads what a caller of the API has defined, which no file has a part in. */
    static LoadedStream madeThroughTheApi(KeptStream stream, LoadedConfig context)
            throws InvalidConfigException {
        try {
            return new LoadedStream(
                    DefinitionReader.read(
                            ApiControl.resolver(context::config),
                            stream.name(),
                            ApiDefinition.parse(stream.document())),
                    stream.document());
        } catch (ApiException | IllegalArgumentException refused) {
            throw new InvalidConfigException(
                    List.of(
                            new LocatedProblem(
                                    "the definition of " + stream.name(),
                                    0,
                                    "",
                                    String.valueOf(refused.getMessage()))));
        }
    }
}
