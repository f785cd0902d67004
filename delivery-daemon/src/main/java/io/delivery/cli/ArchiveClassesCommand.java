package io.delivery.cli;

import io.delivery.failure.FailureText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Makes the archive of classes that the launcher gives to Java from then on (class data sharing).
 * An archive holds for one build of Java and for jars at one place, so it is made where the
 * distribution has been unpacked.
 */
@Command(
        name = "archive-classes",
        mixinStandardHelpOptions = true,
        description = {
            "Make an archive of the program's classes beside its jars, with which each start takes"
                    + " about half of the processor time.",
            "It holds for this folder, this Java and this version of the program. bin/delivery looks"
                    + " for one that fits, and starts without one where there is none: after the"
                    + " folder has been moved, or Java or the program is another one, make it again."
        })
public final class ArchiveClassesCommand implements Callable<Integer> {
    private static final String LIST = "classes.txt";
    private static final String PREFIX = "classes-";
    private static final String ENDING = ".jsa";
    private static final long PATIENCE_MINUTES = 5;
    private static final int SHOWN_LINES = 5;

    private final Installation installation;

    @Spec private CommandSpec spec;

    /**
     * What the launcher has told this process.
     *
     * @param java the program of this Java
     * @param permissions options of this process that an archive is compared by
     * @param classPath of this process, as the launcher writes it
     * @param archive where the launcher looks for the archive; empty when another one has started
     *     this process
     */
    public record Installation(
            Path java, List<String> permissions, String classPath, Optional<Path> archive) {
        public Installation {
            permissions = List.copyOf(permissions);
        }
    }

    public ArchiveClassesCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path archive =
                installation
                        .archive()
                        .orElseThrow(
                                () ->
                                        new ParameterException(
                                                spec.commandLine(),
                                                "archive-classes makes the archive of a distribution"
                                                        + " that has been unpacked, and this program was"
                                                        + " not started by its bin/delivery"));
        PrintWriter out = spec.commandLine().getOut();
        try {
            Path scratch = Files.createTempDirectory(archive.getParent(), "archive");
            try {
                Files.move(
                        dump(archive.resolveSibling(LIST), scratch),
                        archive,
                        StandardCopyOption.ATOMIC_MOVE);
            } finally {
                remove(scratch);
            }
            removeOthers(archive);
            out.println("%s: %d MB".formatted(archive, Files.size(archive) / 1_000_000));
            return ExitCodes.DONE;
        } catch (IOException failed) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "no archive was made, and starts go on without one: "
                                    + FailureText.of(failed));
            return ExitCodes.FOUND;
        }
    }

    /** A JVM that only reads classes and writes them; it runs none. */
    private Path dump(Path list, Path scratch) throws IOException, InterruptedException {
        Path made = scratch.resolve("classes" + ENDING);
        Path log = scratch.resolve("log");
        List<String> command = new ArrayList<>();
        command.add(installation.java().toString());
        command.addAll(installation.permissions());
        command.addAll(
                List.of(
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + list,
                        "-XX:SharedArchiveFile=" + made,
                        "-XX:+UseG1GC", // no other collector archives objects
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        installation.classPath()));
        Process dump =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            if (!dump.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("Java has not made it in %d min".formatted(PATIENCE_MINUTES));
            }
        } finally {
            dump.destroyForcibly();
        }
        if (dump.exitValue() != 0 || !Files.exists(made)) {
            throw new IOException(
                    "%s ended with %d: %s"
                            .formatted(installation.java(), dump.exitValue(), end(log)));
        }
        return made;
    }

    private static String end(Path log) throws IOException {
        List<String> lines =
                new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
        return String.join(
                " | ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }

    /** Those of another Java, or of a former version or place: each has tens of megabytes. */
    private static void removeOthers(Path archive) throws IOException {
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(archive.getParent(), PREFIX + "*" + ENDING)) {
            for (Path each : all) {
                if (!each.equals(archive)) {
                    Files.delete(each);
                }
            }
        }
    }

    private static void remove(Path scratch) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(scratch)) {
            for (Path each : left) {
                Files.delete(each);
            }
        }
        Files.delete(scratch);
    }
}
