package io.delivery.cli;

import io.delivery.failure.FailureText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
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
                    + " about half of the processor time. Other archives in that folder are"
                    + " removed.",
            "It holds for this folder, this Java and this version of the program. bin/delivery looks"
                    + " for one that fits, and starts without one where there is none: after the"
                    + " folder has been moved, or Java or the program is another one, make it again."
        })
public final class ArchiveClassesCommand implements Callable<Integer> {
    private static final String LIST = "classes.txt";
    private static final Pattern ARCHIVES = Pattern.compile("classes-[0-9]+\\.jsa");
    private static final String SCRATCH = "making-classes-";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int SHOWN_LINES = 5;

    /** They are meant for the service, and Java tells on its output that it has seen them. */
    private static final List<String> OPTIONS_OF_ANY_JAVA =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private final Installation installation;

    @Spec private CommandSpec spec;

    /**
     * What the launcher has told this process.
     *
     * @param java the program of this Java
     * @param permissions options of this process that an archive is compared by
     * @param classPath of this process, as the launcher writes it
     * @param mainClass that the launcher starts: it has to come from the archive
     * @param archive where the launcher looks for the archive; empty when another one has started
     *     this process, or it could not tell what an archive would hold for
     */
    public record Installation(
            Path java,
            List<String> permissions,
            String classPath,
            String mainClass,
            Optional<Path> archive) {
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
                                                        + " not started by its bin/delivery, or there is"
                                                        + " no stat or cksum on the PATH"));
        try {
            removeLeftScratch(archive.getParent());
            make(archive);
        } catch (IOException failed) {
            err().println("no new archive was made: " + FailureText.of(failed));
            return ExitCodes.FOUND;
        }
        removeOthers(archive);
        spec.commandLine()
                .getOut()
                .println(
                        "%s: %d MB, for %s"
                                .formatted(
                                        archive,
                                        archive.toFile().length() / 1_000_000,
                                        installation.java()));
        return ExitCodes.DONE;
    }

    private void make(Path archive) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory(archive.getParent(), SCRATCH);
        Steps steps = new Steps(scratch);
        // A signal ends this process while Java writes, and would leave both behind.
        Thread whenEnded = new Thread(() -> steps.end(this::remove), "archive-classes-ended");
        Runtime.getRuntime().addShutdownHook(whenEnded);
        try {
            Path made = dump(archive.resolveSibling(LIST), steps);
            tryIt(made, steps);
            // Whoever starts the service may be another one than whoever makes the archive.
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("r--r--r--"));
            Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            remove(scratch);
            forget(whenEnded);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException runs) {
            return; // the process ends, and the hook does its work
        }
    }

    /** A JVM that only reads classes and writes them; it runs none. */
    private Path dump(Path list, Steps steps) throws IOException, InterruptedException {
        Path made = steps.scratch.resolve("classes.jsa");
        Path log = steps.scratch.resolve("log");
        int exitCode =
                steps.run(
                        java(
                                "-Xshare:dump",
                                "-XX:SharedClassListFile=" + list,
                                "-XX:SharedArchiveFile=" + made,
                                "-XX:+UseG1GC", // no other collector archives objects
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "-cp",
                                installation.classPath()),
                        log);
        if (exitCode != 0 || !Files.exists(made)) {
            throw new IOException(
                    "%s ended with %d: %s".formatted(installation.java(), exitCode, end(log)));
        }
        return made;
    }

    /**
     * Java 17 leaves classes out whose jars have a path with a character that a URL encodes, and
     * says nothing. The main class is loaded and not run.
     */
    private void tryIt(Path made, Steps steps) throws IOException, InterruptedException {
        Path log = steps.scratch.resolve("loaded");
        steps.run(
                java(
                        "-XX:SharedArchiveFile=" + made,
                        "-Xlog:class+load",
                        "-Xmx256m",
                        "-cp",
                        installation.classPath(),
                        "--dry-run",
                        installation.mainClass()),
                log);
        String shared = installation.mainClass() + " source: shared objects file";
        if (lines(log).stream().noneMatch(line -> line.contains(shared))) {
            throw new IOException(
                    ("%s does not take classes from an archive in %s; Java 17 does so only"
                                    + " where the path has no space and no other character that a"
                                    + " URL encodes")
                            .formatted(installation.java(), steps.scratch.getParent()));
        }
    }

    private List<String> java(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(installation.java().toString());
        command.addAll(installation.permissions());
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> lines(Path log) throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
    }

    private static String end(Path log) throws IOException {
        List<String> lines = lines(log);
        return String.join(
                " | ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }

    /** Those of another Java, or of a former version or place: each has tens of megabytes. */
    private void removeOthers(Path archive) {
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(
                        archive.getParent(),
                        each ->
                                ARCHIVES.matcher(each.getFileName().toString()).matches()
                                        && !each.equals(archive))) {
            for (Path each : all) {
                removeFile(each);
            }
        } catch (IOException failed) {
            remark(archive.getParent(), failed);
        }
    }

    /** What a process left that was killed: its Java has ended, or is past its time. */
    private void removeLeftScratch(Path folder) throws IOException {
        Instant past = Instant.now().minus(PATIENCE.multipliedBy(2));
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, SCRATCH + "*")) {
            for (Path each : left) {
                try {
                    if (Files.getLastModifiedTime(each).toInstant().isBefore(past)) {
                        remove(each);
                    }
                } catch (NoSuchFileException gone) {
                    // another call was first
                }
            }
        }
    }

    private void remove(Path scratch) {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(scratch)) {
            left.forEach(this::removeFile);
        } catch (NoSuchFileException gone) {
            return; // another call, or the hook, was first
        } catch (IOException failed) {
            remark(scratch, failed);
        }
        removeFile(scratch);
    }

    private void removeFile(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            remark(file, failed);
        }
    }

    private void remark(Path left, IOException failed) {
        err().println("%s was not removed: %s".formatted(left, FailureText.of(failed)));
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** The Javas that are started one behind the other, until the process ends. */
    private static final class Steps {
        private final Path scratch;
        private Process running;
        private boolean ended;

        Steps(Path scratch) {
            this.scratch = scratch;
        }

        int run(List<String> command, Path log) throws IOException, InterruptedException {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile());
            OPTIONS_OF_ANY_JAVA.forEach(builder.environment()::remove);
            Process java = start(builder);
            try {
                if (!java.waitFor(PATIENCE.toMinutes(), TimeUnit.MINUTES)) {
                    throw new IOException(
                            "Java has not made it in %d min".formatted(PATIENCE.toMinutes()));
                }
            } finally {
                java.destroyForcibly();
            }
            return java.exitValue();
        }

        private synchronized Process start(ProcessBuilder builder) throws IOException {
            if (ended) {
                throw new IOException("the program was ended");
            }
            running = builder.start();
            return running;
        }

        /** Behind it nobody writes into the folder. */
        synchronized void end(Consumer<Path> remove) {
            ended = true;
            if (running != null) {
                running.destroyForcibly().onExit().join();
            }
            remove.accept(scratch);
        }
    }
}
