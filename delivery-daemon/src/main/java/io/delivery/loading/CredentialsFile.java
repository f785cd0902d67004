package io.delivery.loading;

import io.delivery.config.ApiCredentials;
import io.delivery.config.ConfigProblems;
import io.delivery.failure.FailureText;
import io.delivery.file.BoundedFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The file of {@code server.credentialsFile}: a list of callers of the API, written as {@code
 * server.credentials} is. Each read finds what is in it then. Problems show nothing of it. It names
 * no other file with <code>${file:…}</code>, because nobody watches that one.
 */
public final class CredentialsFile {
    private static final int MOST_BYTES = 4 << 20;

    private final Path file;
    private final Map<String, String> environment;

    CredentialsFile(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    public Path file() {
        return file;
    }

    /**
     * The callers that it lists, at least one.
     *
     * @throws InvalidConfigException with everything that is wrong with it
     */
    public List<ApiCredentials> read() throws InvalidConfigException {
        ConfigReading reading =
                ConfigReading.ofSecrets(file, environment, ServerSections.NAMES_OF_CALLERS);
        Optional<List<ApiCredentials>> callers =
                bytes(reading)
                        .flatMap(bytes -> YamlText.parse(bytes, reading))
                        .flatMap(ServerSections.CALLERS::read);
        if (callers.isPresent() && reading.ok()) {
            ConfigProblems problems = new ConfigProblems();
            ApiCredentials.validate(callers.get(), "", problems);
            reading.problems(problems);
            if (callers.get().isEmpty()) {
                reading.problemAt(0, "", "must list at least one caller, and lists none");
            }
        }
        if (!reading.ok() || callers.isEmpty()) {
            throw new InvalidConfigException(reading.problems());
        }
        return callers.get();
    }

    /** Everything that is wrong with it; empty when it can be read. */
    List<LocatedProblem> problems() {
        try {
            read();
            return List.of();
        } catch (InvalidConfigException refused) {
            return refused.problems();
        }
    }

    /**
     * As {@link #read}, with one sentence about everything that is wrong.
     *
     * @throws IOException with everything that is wrong with it
     */
    public List<ApiCredentials> readOrFail() throws IOException {
        try {
            return read();
        } catch (InvalidConfigException refused) {
            throw new IOException(
                    refused.problems().stream()
                            .map(LocatedProblem::toString)
                            .collect(Collectors.joining("; ")),
                    refused);
        }
    }

    private Optional<byte[]> bytes(ConfigReading reading) {
        try {
            return Optional.of(BoundedFile.read(file, MOST_BYTES));
        } catch (BoundedFile.RefusedException refused) {
            reading.problemAt(0, "", refused.getMessage());
        } catch (NoSuchFileException missing) {
            reading.problemAt(0, "", "there is no such file");
        } catch (IOException unreadable) {
            reading.problemAt(0, "", "cannot be read: " + FailureText.of(unreadable));
        }
        return Optional.empty();
    }
}
