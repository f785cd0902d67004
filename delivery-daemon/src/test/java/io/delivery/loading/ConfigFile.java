package io.delivery.loading;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.delivery.config.ProcessorSettings;
import io.delivery.wiring.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A configuration file in a folder of its own. */
final class ConfigFile {
    /** The one store that most files here need. */
    static final String STORES = "stores: {local: {directory: lake}}\n";

    private final Path file;
    private final Map<String, String> environment = new HashMap<>();
    private ProgramCompiler programs = new Queries(query -> Optional.empty());

    private ConfigFile(Path file) {
        this.file = file;
    }

    static ConfigFile in(Path folder, String text) {
        return new ConfigFile(write(folder.resolve("delivery.yaml"), text));
    }

    /** A file with one stream {@code s}, whose settings are given, into bucket b of the store. */
    static ConfigFile stream(Path folder, String settings) {
        return in(folder, STORES + "streams:\n  s:\n" + settings.indent(4));
    }

    static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConfigFile with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    ConfigFile whoseQueryYields(String... keys) {
        programs = new Queries(query -> Optional.of(Set.of(keys)));
        return this;
    }

    ConfigFile whoseQueryFails(String message) {
        programs =
                new Queries(
                        query -> {
                            throw new IllegalArgumentException(message);
                        });
        return this;
    }

    /** Queries and processors as the program runs them. */
    ConfigFile whoseProgramsAreCompiled() {
        programs = Programs.OURS;
        return this;
    }

    /** Knows queries, and takes every processor. */
    private record Queries(Function<String, Optional<Set<String>>> keys)
            implements ProgramCompiler {
        @Override
        public Optional<Set<String>> queryKeys(String query) {
            return keys.apply(query);
        }

        @Override
        public void check(ProcessorSettings processor) {
            // Any will do.
        }

        @Override
        public void checkTimestampFormat(String format) {
            // Any will do.
        }
    }

    Path path() {
        return file;
    }

    ConfigLoader loader() {
        return new ConfigLoader(environment, programs);
    }

    LoadedConfig load() {
        try {
            return loader().load(file);
        } catch (InvalidConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** As {@code line path: message}. */
    List<String> problems() {
        InvalidConfigException refused =
                catchThrowableOfType(InvalidConfigException.class, () -> loader().load(file));
        if (refused == null) {
            return List.of();
        }
        return refused.problems().stream()
                .map(p -> p.toString().substring(file.toString().length() + 1))
                .toList();
    }
}
