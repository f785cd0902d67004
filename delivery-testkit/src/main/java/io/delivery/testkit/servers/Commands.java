package io.delivery.testkit.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Short commands beside a server: clients that set it up. */
final class Commands {
    private static final int LIMIT_SECONDS = 30;

    private Commands() {}

    /**
     * Waits for the end of a command.
     *
     * @param directory where its output is written to
     * @param environment variables beside those of this process
     * @throws IOException when it ends with another code than 0, with what it printed, or takes
     *     longer than half a minute
     */
    static void run(Path directory, Map<String, String> environment, List<String> words)
            throws IOException {
        Path output = Files.createTempFile(directory, "command-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(words.get(0) + " took longer than " + LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(words.get(0) + ": " + Files.readString(output));
        }
    }
}
