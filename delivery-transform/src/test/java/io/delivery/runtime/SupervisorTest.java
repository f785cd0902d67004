package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shell above a function's process, by itself. */
@Timeout(60)
class SupervisorTest {
    /** Takes in what the script leaves behind, as process 1 of a container does, and counts it. */
    private static final String PROCESS_1 =
            """
            import ctypes, os, subprocess, sys
            PR_SET_CHILD_SUBREAPER = 36
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
            supervisor = subprocess.Popen(
                ["/bin/sh", sys.argv[1], "mark-of-supervisor-test-%d" % os.getpid(), "", os.environ["PATH"]]
                + sys.argv[2:], stdin=subprocess.PIPE)
            status = supervisor.wait()
            left = 0
            try:
                while True:
                    os.waitpid(-1, 0)
                    left += 1
            except ChildProcessError:
                print("status %d, %d processes left" % (status, left))
            """;

    private @TempDir Path folder;
    private Path script;

    @BeforeEach
    void writeTheScript() throws IOException {
        Programs.assume("python3");
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "only Linux has subreapers");
        script = folder.resolve(RuntimeHost.SUPERVISOR);
        try (InputStream in = RuntimeHost.class.getResourceAsStream(RuntimeHost.SUPERVISOR)) {
            Files.copy(in, script);
        }
    }

    private String supervise(String command) throws Exception {
        Process process =
                new ProcessBuilder(
                                "python3",
                                "-c",
                                PROCESS_1,
                                script.toString(),
                                "/bin/sh",
                                "-c",
                                command)
                        .redirectErrorStream(true)
                        .start();
        try (InputStream out = process.getInputStream()) {
            String told = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return told;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void it_ends_with_the_status_of_the_command_and_leaves_no_process_behind() throws Exception {
        assertThat(supervise("exit 7")).isEqualTo("status 7, 0 processes left");
    }

    @Test
    void a_command_that_ends_with_that_status_of_its_own_ends_it_with_another() throws Exception {
        assertThat(supervise("exit " + FunctionProcess.NOT_BEGUN))
                .isEqualTo("status 218, 0 processes left");
    }

    /** With one process more than its user has none can be forked. */
    private static final String NO_PROCESSES =
            """
            import os, resource, sys
            resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
            if os.getuid() == 0: # whom no limit holds
                os.setgroups([])
                os.setuid(65534)
            os.execv("/bin/sh", ["sh", "-c", sys.argv[1], "supervise.sh", "mark-of-supervisor-test", "",
                                 os.environ["PATH"], "/bin/sh", "-c", "exit 7"])
            """;

    @Test
    void where_it_can_start_no_process_it_ends_with_a_status_of_its_own() throws Exception {
        Process process =
                new ProcessBuilder("python3", "-c", NO_PROCESSES, Files.readString(script))
                        .redirectErrorStream(true)
                        .start();

        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(told).isEqualTo(FunctionProcess.NOT_BEGUN);
        assertThat(told).containsIgnoringCase("fork");
    }

    @Test
    void an_interrupt_from_the_terminal_does_not_end_it() throws Exception {
        assertThat(supervise("kill -s INT $PPID; kill -s QUIT $PPID; exit 7"))
                .isEqualTo("status 7, 0 processes left");
    }
}
