package io.delivery.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A command below the supervisor.
 *
 * @param script supervise.sh
 * @param environment all of it, but what the mark and the libraries become
 * @param mark a text that no other process has, becomes AWS_LAMBDA_LOG_STREAM_NAME
 * @param libraries becomes LD_LIBRARY_PATH
 * @param folder in which it works
 */
record Supervised(
        Path script,
        List<String> command,
        Map<String, String> environment,
        String mark,
        String libraries,
        Path folder) {
    private static final String PATH = "PATH";
    private static final String STANDARD_PATH = "/usr/local/bin:/usr/bin:/bin";

    /** Starts it. */
    ProcessBuilder builder() {
        List<String> supervised =
                new ArrayList<>(
                        List.of(
                                "/bin/sh",
                                script.toString(),
                                mark,
                                libraries,
                                environment.getOrDefault(PATH, "")));
        supervised.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(supervised).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        // The script's own programs are found where this program finds them.
        builder.environment().put(PATH, System.getenv().getOrDefault(PATH, STANDARD_PATH));
        return builder;
    }
}
