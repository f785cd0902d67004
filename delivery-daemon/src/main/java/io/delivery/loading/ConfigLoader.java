package io.delivery.loading;

import io.delivery.config.ConfigProblems;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.Limits;
import io.delivery.config.StreamDefinition;
import io.delivery.failure.FailureText;
import io.delivery.file.BoundedFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads configuration files. Looks at nothing but the file and the files it names. */
public final class ConfigLoader {
    /** The longest configuration file, in bytes. */
    public static final int MAX_FILE_BYTES = 16 << 20;

    private final Map<String, String> environment;
    private final ProgramCompiler programs;
    private final long heapBytes;

    /**
     * For the heap that the launcher asks for.
     *
     * @param environment what {@code ${NAME}} stands for
     * @param programs compiles queries and what processors run
     */
    public ConfigLoader(Map<String, String> environment, ProgramCompiler programs) {
        this(environment, programs, Limits.DEFAULT_HEAP_BYTES);
    }

    /**
     * @param environment what {@code ${NAME}} stands for
     * @param programs compiles queries and what processors run
     * @param heapBytes the most that the JVM which the files are for will use for its heap; the
     *     default of {@code limits.memory} follows it
     */
    public ConfigLoader(Map<String, String> environment, ProgramCompiler programs, long heapBytes) {
        this.environment = Map.copyOf(environment);
        this.programs = programs;
        this.heapBytes = heapBytes;
    }

    /**
     * Reads and checks a whole file.
     *
     * @throws InvalidConfigException with every problem there is, in the order of the lines
     */
    public LoadedConfig load(Path file) throws InvalidConfigException {
        return load(file, Set.of());
    }

    /**
     * Reads and checks a whole file for a service that runs.
     *
     * @param watched files whose contents the service watches and tells about: that one of them
     *     cannot be used is no problem here, as its former contents count
     * @throws InvalidConfigException with every other problem there is, in the order of the lines
     */
    public LoadedConfig load(Path file, Set<Path> watched) throws InvalidConfigException {
        ConfigReading reading = reading(file).watching(watched);
        return load(file, watched, reading, bytes(file, reading));
    }

    /**
     * Checks a text as if it were in the place of a file that a service runs with.
     *
     * @param name what to call it in messages
     * @param watched as above
     * @throws InvalidConfigException with every problem there is, in the order of the lines
     */
    public LoadedConfig loadInPlaceOf(Path file, String name, byte[] text, Set<Path> watched)
            throws InvalidConfigException {
        ConfigReading reading =
                new ConfigReading(name, directoryOf(file), environment, programs, heapBytes)
                        .watching(watched);
        return load(Path.of(name), watched, reading, Optional.of(text));
    }

    /**
     * What is in a file that somebody else checks.
     *
     * @throws InvalidConfigException when it cannot be read
     */
    public byte[] text(Path file) throws InvalidConfigException {
        ConfigReading reading = reading(file);
        return bytes(file, reading)
                .orElseThrow(() -> new InvalidConfigException(reading.problems()));
    }

    private LoadedConfig load(
            Path file, Set<Path> watched, ConfigReading reading, Optional<byte[]> text)
            throws InvalidConfigException {
        text.ifPresent(bytes -> reading.wasRead(file, bytes));
        Optional<DeliveryConfig> config = read(text, reading);
        config.flatMap(read -> read.server().files().adminToken())
                .filter(token -> !watched.contains(token))
                .ifPresent(token -> check(token, reading));
        Optional<CredentialsFile> callers =
                config.flatMap(read -> read.server().files().credentials())
                        .map(this::credentialsFile);
        List<LocatedProblem> problems = new ArrayList<>(reading.problems());
        callers.filter(there -> !watched.contains(there.file()))
                .ifPresent(there -> problems.addAll(there.problems()));
        if (!problems.isEmpty() || config.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        List<LoadedStream> streams =
                config.get().streams().stream().map(s -> loaded(s, reading)).toList();
        return new LoadedConfig(
                file,
                config.get(),
                streams,
                reading::line,
                reading.substituted()::hide,
                callers,
                reading.contents());
    }

    private static void check(Path adminToken, ConfigReading reading) {
        try {
            AdminTokenFile.read(adminToken);
        } catch (IOException unusable) {
            reading.problem("server.adminTokenFile", FailureText.of(unusable));
        }
    }

    /** The file of {@code server.credentialsFile}. */
    public CredentialsFile credentialsFile(Path file) {
        return new CredentialsFile(file, environment);
    }

    /**
     * Reads a whole file for somebody who needs parts of it.
     *
     * @return what is wrong with a part is told when the part is asked for
     */
    public ConfigParts loadParts(Path file) {
        ConfigReading reading = reading(file);
        return new ConfigParts(read(bytes(file, reading), reading), reading);
    }

    private ConfigReading reading(Path file) {
        return new ConfigReading(
                file.toString(), directoryOf(file), environment, programs, heapBytes);
    }

    private static Optional<DeliveryConfig> read(Optional<byte[]> text, ConfigReading reading) {
        Optional<DeliveryConfig> config =
                text.flatMap(bytes -> YamlText.parse(bytes, reading)).flatMap(ConfigSections::read);
        if (config.isPresent()) {
            ConfigProblems problems = new ConfigProblems();
            config.get().validate(problems);
            reading.problems(problems);
        }
        return config;
    }

    /**
     * Reads a stream's {@linkplain LoadedStream#document() document} again, for instance a kept one
     * of an earlier version.
     *
     * @param file the configuration file that relative paths are relative to
     * @param context the stores and catalogs that there are now
     * @throws InvalidConfigException also when the document names a store or catalog that is gone
     */
    public LoadedStream loadStream(String name, String document, Path file, DeliveryConfig context)
            throws InvalidConfigException {
        String called = "the definition of " + name;
        ConfigReading reading =
                new ConfigReading(called, directoryOf(file), environment, programs, heapBytes);
        String path = "streams." + name;
        Optional<StreamDefinition> definition =
                YamlText.parse(document, reading)
                        .flatMap(root -> StreamSections.stream(root.below(path)));
        if (definition.isPresent()) {
            ConfigProblems problems = new ConfigProblems();
            definition.get().validate(path, problems);
            context.validateReferences(definition.get(), path, problems);
            reading.problems(problems);
        }
        if (!reading.ok() || definition.isEmpty()) {
            throw new InvalidConfigException(reading.problems());
        }
        return loaded(definition.get(), reading);
    }

    private static LoadedStream loaded(StreamDefinition definition, ConfigReading reading) {
        Map<String, String> unresolved = reading.unresolvedBelow("streams." + definition.name());
        return new LoadedStream(definition, StreamDocument.of(definition, unresolved));
    }

    /**
     * A duration as configurations write it.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    public static Duration duration(String text) {
        try {
            return Units.duration(text);
        } catch (InvalidSettingException refused) {
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
    }

    private static Path directoryOf(Path file) {
        return file.toAbsolutePath().normalize().getParent();
    }

    private static Optional<byte[]> bytes(Path file, ConfigReading reading) {
        try {
            return Optional.of(BoundedFile.read(file, MAX_FILE_BYTES));
        } catch (BoundedFile.RefusedException e) {
            reading.problemAt(0, "", e.getMessage());
        } catch (NoSuchFileException e) {
            reading.problemAt(0, "", "there is no such file");
        } catch (IOException e) {
            reading.problemAt(0, "", "cannot be read: " + FailureText.of(e));
        }
        return Optional.empty();
    }
}
