package io.delivery.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --config}, the same for every command. */
public final class ConfigOption {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration file (default: ./delivery.yaml).")
    private Path file;

    /** The file that was named, or the default. */
    public Path file() {
        return file == null ? Path.of("delivery.yaml") : file;
    }

    /** Whether a file was named. */
    public boolean given() {
        return file != null;
    }
}
