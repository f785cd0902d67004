package io.delivery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.cli.ArchiveClassesCommand.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
                "# Classes\njava/lang/Object id: 0\npicocli/CommandLine$Range\nio/delivery/Gone\n");
    }

    @Test
    void java_starts_with_what_it_has_made_and_older_archives_are_removed() throws Exception {
        Files.createFile(lib.resolve("classes-1.jsa"));

        int exitCode = run(JAVA, Optional.of(archive));

        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(out.toString()).startsWith(archive + ": ").endsWith(" MB\n");
        assertThat(names()).containsExactly("classes-4711.jsa", "classes.txt");
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
        Path refusing = lib.resolve("java");
        Files.writeString(refusing, "#!/bin/sh\necho no room for it\nexit 1\n");
        assertThat(refusing.toFile().setExecutable(true)).isTrue();

        int exitCode = run(refusing, Optional.of(archive));

        assertThat(exitCode).isEqualTo(ExitCodes.FOUND);
        assertThat(err.toString())
                .contains("no archive was made, and starts go on without one", "ended with 1")
                .contains("no room for it");
        assertThat(archive).hasContent("former");
        assertThat(names()).containsExactly("classes-4711.jsa", "classes.txt", "java");
    }

    @Test
    void a_folder_that_cannot_be_written_is_told() {
        int exitCode = run(JAVA, Optional.of(lib.resolve("gone/classes-1.jsa")));

        assertThat(exitCode).isEqualTo(ExitCodes.FOUND);
        assertThat(err.toString()).contains("no archive was made", lib.resolve("gone").toString());
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
                                new Installation(java, List.of(), jar.toString(), where)))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute();
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
