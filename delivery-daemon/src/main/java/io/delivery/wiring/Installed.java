package io.delivery.wiring;

import io.delivery.cli.ArchiveClassesCommand.Installation;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;

/** How this process was started, as the archive of its classes needs it. */
final class Installed {
    /** Set by the launcher of the distribution: where it looks for the archive. */
    private static final String ARCHIVE = "delivery.classArchive";

    private Installed() {}

    static Installation ofThisProcess() {
        return new Installation(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        // Java 25 tells it when those of a start are others than an archive's.
                        .filter(
                                option ->
                                        option.startsWith("--enable-native-access")
                                                || option.startsWith("--sun-misc"))
                        .toList(),
                System.getProperty("java.class.path"),
                Main.class.getName(),
                Optional.ofNullable(System.getProperty(ARCHIVE)).map(Path::of));
    }
}
