package io.delivery.runtime;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether this machine can run functions' processes, and can give each a group of its own. */
final class ProcessGroups {
    private static final Path SHELL = Path.of("/bin/sh");

    private ProcessGroups() {}

    /** What keeps every function from running here. */
    static Optional<String> problem() {
        return Files.isExecutable(SHELL)
                ? Optional.empty()
                : Optional.of("functions need a shell, and there is no /bin/sh: install one");
    }

    /** What works less well here; empty when all does. */
    static Optional<String> weakness() {
        // The shell of macOS gives a job a group of its own by itself.
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        boolean found =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(folder -> new File(folder, "setsid").canExecute());
        return mac || found
                ? Optional.empty()
                : Optional.of(
                        "no setsid on the PATH: when this program is killed, processes that a function has started may go on. Install util-linux");
    }
}
