package io.delivery.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder of servers and clients that {@code .ci/tools} fills. */
public final class Tools {
    private Tools() {}

    public static Path folder() {
        String given = System.getenv("DELIVERY_TOOLS");
        return given == null || given.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "delivery-tools")
                : Path.of(given);
    }

    public static Path executable(String relative) {
        return folder().resolve(relative);
    }

    /**
     * Why a tool is not there, for the message of a skipped test; empty when it is there.
     *
     * @param name what {@code .ci/tools} calls it
     * @param relative its executable below the folder
     */
    public static Optional<String> missing(String name, String relative) {
        Optional<String> reason = reason(name);
        if (Files.isExecutable(executable(relative)) && reason.isEmpty()) {
            return Optional.empty(); // a reason beside it: an installation that was cut short
        }
        return Optional.of(
                reason.orElse("not installed in the tools folder (.ci/tools " + name + ")"));
    }

    /** What {@code .ci} left in the folder about a tool that is not to be used. */
    public static Optional<String> reason(String name) {
        Path reason = folder().resolve(name + ".reason");
        try {
            return Files.exists(reason)
                    ? Optional.of(Files.readString(reason).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Why a program that the machine brings cannot be used, for the message of a skipped test;
     * empty when it can.
     *
     * @param program a name on the PATH; it takes {@code --version}
     */
    public static Optional<String> missingProgram(String program) throws InterruptedException {
        return missingProgram(program, "--version");
    }

    /**
     * The same for a program that tells its version when it is asked in another way.
     *
     * @param option makes it tell its version and end with 0
     */
    public static Optional<String> missingProgram(String program, String option)
            throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(program, option)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            int exitCode = process.waitFor();
            return exitCode == 0
                    ? Optional.empty()
                    : Optional.of("%s %s ends with %d".formatted(program, option, exitCode));
        } catch (IOException missing) {
            return Optional.of("no %s on the PATH".formatted(program));
        }
    }

    /** The version that {@code .ci/tools} installed. */
    static String version(String name) {
        try {
            Path stamp = folder().resolve(name + ".version");
            return Files.exists(stamp) ? Files.readString(stamp).strip() : "unknown";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
