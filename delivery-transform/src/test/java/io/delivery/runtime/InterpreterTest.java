package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scripts in place of an interpreter, as version managers have them. */
@Timeout(90)
class InterpreterTest {
    private static final List<String> QUESTION = List.of("-c", "version");

    private @TempDir Path folder;

    private Path script(String text) throws IOException {
        Path script = Files.writeString(folder.resolve("python3"), "#!/bin/sh\n" + text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private static Optional<Interpreter> ask(Path program, Duration patience) throws Exception {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return Interpreter.ask(program, QUESTION, patience);
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        })
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void what_hangs_behind_a_script_is_ended_with_it() throws Exception {
        Path pid = folder.resolve("pid");
        Path script = script("sleep 3600 & echo $! > '" + pid + "'; wait\n");

        Optional<Interpreter> asked = ask(script, Duration.ofSeconds(5));

        assertThat(asked).isEmpty();
        assertThat(Programs.lives(Long.parseLong(Files.readString(pid).strip()))).isFalse();
    }

    @Test
    void an_answer_counts_although_something_holds_the_output_open() throws Exception {
        Path pid = folder.resolve("pid");
        Path script =
                script(
                        "sleep 3600 & echo $! > '"
                                + pid
                                + "'; echo /opt/python3; sleep 0.1; echo 3.11.7\n");

        try {
            assertThat(ask(script, Duration.ofSeconds(60)))
                    .hasValue(new Interpreter(Path.of("/opt/python3"), "3.11.7"));
        } finally {
            await().until(() -> Files.exists(pid));
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
