package io.delivery.loading;

import io.delivery.config.DeliveryConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * A configuration without problems.
 *
 * @param file as the user wrote it; empty for a configuration that is in no file
 * @param streams those of {@code config}, in order
 * @param lines in which line of the file a setting stands, by its dotted path
 * @param hiding a text with <code>${…}</code> in the place of what it stands for: for what is shown
 * @param credentialsFile reads the callers of the API, when they are in a file of their own
 * @param contents the file itself and those that it names with <code>${file:…}</code>, each with
 *     the SHA-256 of what was read of it, in that order; none for a configuration that is in no
 *     file
 */
public record LoadedConfig(
        Path file,
        DeliveryConfig config,
        List<LoadedStream> streams,
        ToIntFunction<String> lines,
        UnaryOperator<String> hiding,
        Optional<CredentialsFile> credentialsFile,
        Map<Path, String> contents) {
    public LoadedConfig {
        streams = List.copyOf(streams);
        contents = Collections.unmodifiableMap(new LinkedHashMap<>(contents));
    }

    /** Of a configuration that is in no file. */
    public LoadedConfig(DeliveryConfig config, List<LoadedStream> streams) {
        this(
                Path.of(""),
                config,
                streams,
                path -> 0,
                UnaryOperator.identity(),
                config.server()
                        .files()
                        .credentials()
                        .map(file -> new CredentialsFile(file, Map.of())),
                Map.of());
    }

    /**
     * Where a setting stands, or the nearest section around it when it is not written down.
     *
     * @return the line, from 1; 0 when there is none
     */
    public int line(String path) {
        return lines.applyAsInt(path);
    }
}
