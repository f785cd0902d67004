package io.delivery.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.cli.ArchiveClassesCommand.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ArchiveClassesCommandTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private static final String MAIN = "picocli.AutoComplete";

    @TempDir Path lib;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path archive;
    private Path jar;

    @BeforeEach
    void install() throws IOException {
        archive = lib.resolve("classes-4711.jsa");
        jar = Path.of(picocliJar());
        // A comment, as the list of the distribution has one, and a class that is gone.
        Files.writeString(
                lib.resolve("classes.txt"),
                "# Classes\njava/lang/Object id: 0\npicocli/AutoComplete\nio/delivery/Gone\n");
    }

    @Test
    void java_starts_with_what_it_has_made_and_older_archives_are_removed() throws Exception {
        Files.createFile(lib.resolve("classes-1.jsa"));
        Files.createFile(lib.resolve("classes-mine.jsa"));

        int exitCode = run(JAVA, Optional.of(archive));

        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(out.toString()).startsWith(archive + ": ").endsWith(" MB, for " + JAVA + "\n");
        assertThat(err.toString()).isEmpty();
        assertThat(names()).containsExactly("classes-4711.jsa", "classes-mine.jsa", "classes.txt");
        // Only with -Xshare:on is an archive that cannot be used an error.
        Process starts =
                new ProcessBuilder(
                                JAVA.toString(),
                                "-Xshare:on",
                                "-XX:SharedArchiveFile=" + archive,
                                "-cp",
                                jar.toString(),
                                "-version")
                        .redirectErrorStream(true)
                        .redirectOutput(lib.resolve("started").toFile())
                        .start();
        assertThat(starts.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(starts.exitValue()).as(Files.readString(lib.resolve("started"))).isZero();
    }

    @Test
    void a_java_that_makes_none_is_told_with_what_it_said_and_the_former_archive_stays()
            throws Exception {
        Files.writeString(archive, "former");
        Path refusing = java("echo no room for it; exit 1");

        int exitCode = run(refusing, Optional.of(archive));

        assertThat(exitCode).isEqualTo(ExitCodes.FOUND);
        assertThat(err.toString())
                .contains("no new archive was made: ", "ended with 1")
                .contains("no room for it");
        assertThat(archive).hasContent("former");
        assertThat(names()).containsExactly("classes-4711.jsa", "classes.txt", "java");
    }

    @Test
    void an_archive_that_java_takes_nothing_from_is_refused() throws Exception {
        Files.writeString(lib.resolve("classes.txt"), "java/lang/Object id: 0\n");

        int exitCode = run(JAVA, Optional.of(archive));

        assertThat(exitCode).isEqualTo(ExitCodes.FOUND);
        assertThat(err.toString())
                .contains(
                        "no new archive was made: "
                                + JAVA
                                + " does not take classes from an archive in "
                                + lib
                                + ";");
        assertThat(names()).containsExactly("classes.txt");
    }

    @Test
    void everybody_may_read_the_archive_whatever_the_mask_of_who_makes_it() throws Exception {
        Path java =
                java(
                        """
                        for word; do
                            case $word in
                            -Xshare:dump) umask 077 ;;
                            -XX:SharedArchiveFile=*) touch "${word#*=}" ;;
                            esac
                        done
                        echo "$word source: shared objects file"
                        """);

        int exitCode = run(java, Optional.of(archive));

        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
                .isEqualTo("r--r--r--");
    }

    @Test
    void what_cannot_be_removed_is_only_a_remark() throws Exception {
        Files.createDirectories(lib.resolve("classes-1.jsa/kept"));

        int exitCode = run(JAVA, Optional.of(archive));

        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(err.toString()).contains(lib.resolve("classes-1.jsa") + " was not removed: ");
        assertThat(archive).isNotEmptyFile();
    }

    @Test
    void what_a_killed_call_left_is_removed_when_nobody_can_be_at_it() throws Exception {
        Path left = Files.createDirectory(lib.resolve("making-classes-1"));
        Files.createFile(left.resolve("classes.jsa"));
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofMinutes(11))));
        Files.createDirectory(lib.resolve("making-classes-2"));

        run(java("exit 1"), Optional.of(archive));

        assertThat(names()).containsExactly("classes.txt", "java", "making-classes-2");
    }

    @Test
    void a_signal_ends_the_java_that_writes_and_leaves_nothing() throws Exception {
        Path writes =
                java(
                        "echo $$ >\"$0.pid.new\"; mv \"$0.pid.new\" \"$0.pid\"; exec tail -f /dev/null");
        Path said = lib.resolve("said");
        Process program =
                new ProcessBuilder(
                                JAVA.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Started.class.getName(),
                                writes.toString(),
                                archive.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        try {
            Path pid = lib.resolve("java.pid");
            await().atMost(Duration.ofMinutes(1))
                    .failFast(() -> assertThat(program.isAlive()).as(said.toString()).isTrue())
                    .until(() -> Files.exists(pid));
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();

            program.destroy();

            assertThat(program.waitFor(1, TimeUnit.MINUTES)).isTrue();
            try {
                assertThat(child.isAlive()).isFalse();
            } finally {
                child.destroyForcibly();
            }
            assertThat(names()).containsExactly("classes.txt", "java", "java.pid", "said");
        } finally {
            program.destroyForcibly();
        }
    }

    /** The command in a process of its own. */
    static final class Started {
        public static void main(String[] arguments) {
            Installation installation =
                    new Installation(
                            Path.of(arguments[0]),
                            List.of(),
                            picocliJar(),
                            MAIN,
                            Optional.of(Path.of(arguments[1])));
            System.exit(new CommandLine(new ArchiveClassesCommand(installation)).execute());
        }
    }

    @Test
    void a_folder_that_cannot_be_written_is_told() {
        int exitCode = run(JAVA, Optional.of(lib.resolve("gone/classes-1.jsa")));

        assertThat(exitCode).isEqualTo(ExitCodes.FOUND);
        assertThat(err.toString())
                .contains("no new archive was made", lib.resolve("gone").toString());
    }

    @Test
    void a_program_that_another_launcher_has_started_is_refused() {
        int exitCode = run(JAVA, Optional.empty());

        assertThat(exitCode).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString()).contains("was not started by its bin/delivery");
    }

    private int run(Path java, Optional<Path> where) {
        return new CommandLine(
                        new ArchiveClassesCommand(
                                new Installation(java, List.of(), jar.toString(), MAIN, where)))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute();
    }

    private Path java(String script) throws IOException {
        Path java = lib.resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return java;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(lib)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static String picocliJar() {
        return CommandLine.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
