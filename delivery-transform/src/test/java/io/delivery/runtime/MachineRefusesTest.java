package io.delivery.runtime;

import static io.delivery.runtime.TestHost.answer;
import static io.delivery.runtime.TestHost.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.runtime.code.Folders;
import io.delivery.runtime.code.MachineRefusesException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that the machine does not let start is no failure of the function. A file where a
 * folder is to be made stands for a disk without a free byte: the call fails in the same places.
 */
@Timeout(240)
class MachineRefusesTest {
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final String ECHO =
            """
            import os
            def handler(event, context):
                if event == "end":
                    os._exit(3)
                return event
            """;

    private @TempDir Path folder;
    private Path functions;
    private TestHost host;

    @BeforeAll
    static void needsPython() {
        Programs.assume("python3");
    }

    @BeforeEach
    void openHost() {
        functions = folder.resolve("functions");
    }

    @AfterEach
    void closeHost() {
        host.close();
    }

    @Test
    void without_room_at_a_start_events_wait_and_are_answered_when_there_is() throws Exception {
        Files.createFile(functions);
        host = new TestHost(folder);

        ProcessFunction function = host.pythonAtStart(ECHO);

        await().untilAsserted(() -> isTold(function));
        Failed failed = failure(function, "1", SHORT);
        assertThat(failed.reason()).isEqualTo(Reason.NO_SLOT);
        assertThat(failed.message()).contains("could not be started");
        Files.delete(functions);
        assertThat(answer(function, "2")).isEqualTo("2");
        assertThat(function.status().trouble()).isEmpty();
    }

    @Test
    void behind_a_start_such_a_function_is_not_opened() throws Exception {
        Files.createFile(functions);
        host = new TestHost(folder);

        assertThatThrownBy(() -> host.python(ECHO)).isInstanceOf(MachineRefusesException.class);
    }

    @Test
    void a_process_that_gets_no_folder_is_waited_for_and_the_trouble_is_over_without_an_event()
            throws Exception {
        host = new TestHost(folder);
        ProcessFunction function = host.python(ECHO);
        assertThat(answer(function, "1")).isEqualTo("1");
        Path temporary = functions.resolve("tmp");
        Folders.remove(temporary);
        Files.createFile(temporary);

        assertThat(failure(function, "\"end\"").reason()).isEqualTo(Reason.FUNCTION_ERROR);
        Failed failed = failure(function, "2", SHORT);

        assertThat(failed.reason()).isEqualTo(Reason.NO_SLOT);
        isTold(function);
        Files.delete(temporary);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !function.status().trouble().orElse("").contains("records that wait"));
        assertThat(answer(function, "3")).isEqualTo("3");
        assertThat(function.status().trouble()).isEmpty();
    }

    @Test
    void what_the_code_is_to_blame_for_is_its_failure() throws Exception {
        host = new TestHost(folder);
        for (String line :
                new String[] {
                    "#!/no/such/interpreter",
                    "#!/bin/sh\nexit 126",
                    "#!/bin/sh\nexit 217",
                    "#!/bin/sh\nexit 219"
                }) {
            Failed failed = failure(host.bootstrap(line + "\n"), "1");
            assertThat(failed.reason()).isEqualTo(Reason.FUNCTION_ERROR);
        }
        Path code = host.code("bootstrap", "#!/bin/sh\n");
        Files.setPosixFilePermissions(
                code.resolve("bootstrap"),
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        ProcessFunction notExecutable =
                host.open(io.delivery.config.FunctionRunner.Runtime.PROVIDED, code, "", 1);
        assertThat(failure(notExecutable, "1").reason()).isEqualTo(Reason.FUNCTION_ERROR);
    }

    @Test
    void a_process_of_a_java_function_that_finds_no_thread_is_waited_for() throws Exception {
        host = new TestHost(folder);
        ProcessFunction function =
                host.bootstrap(
                        """
                        #!/bin/sh
                        echo '%s 2 of 4 slots: unable to create native thread' >&2
                        exit %d
                        """
                                .formatted(
                                        FunctionProcess.NO_THREAD_LINE, FunctionProcess.NO_THREAD));

        Failed failed = failure(function, "1", SHORT);

        assertThat(failed.reason()).isEqualTo(Reason.NO_SLOT);
        assertThat(failed.message()).contains("2 of 4 slots");
    }

    @Test
    void what_told_why_it_cannot_work_is_its_failure_whatever_its_status_is() throws Exception {
        host = new TestHost(folder);
        ProcessFunction function =
                host.bootstrap(
                        """
                        #!/usr/bin/env python3
                        import json, os, sys, urllib.request
                        urllib.request.urlopen(
                            "http://%s/2018-06-01/runtime/init/error" % os.environ["AWS_LAMBDA_RUNTIME_API"],
                            json.dumps({"errorType": "Own", "errorMessage": "no licence"}).encode())
                        sys.exit(219)
                        """);

        Failed failed = failure(function, "1");

        assertThat(failed.reason()).isEqualTo(Reason.FUNCTION_ERROR);
        assertThat(failed.message()).contains("no licence");
    }

    @Test
    void leftovers_are_removed_and_nothing_is_written() throws Exception {
        host = new TestHost(folder);
        host.close();
        for (String left : new String[] {"runtime/old", "tmp/x", "code/abc"}) {
            Files.createDirectories(functions.resolve(left));
        }

        RuntimeHost.removeLeftovers(functions);

        try (Stream<Path> all = Files.list(functions)) {
            assertThat(all).isEmpty();
        }
    }

    private static void isTold(ProcessFunction function) {
        assertThat(function.status().trouble())
                .hasValueSatisfying(
                        trouble ->
                                assertThat(trouble)
                                        .contains("could not be started")
                                        .endsWith("records that wait for it for 15 minutes fail"));
    }
}
