package io.delivery.runtime;

import static io.delivery.runtime.TestHost.answer;
import static io.delivery.runtime.TestHost.failure;
import static io.delivery.runtime.TestHost.invoke;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.config.FunctionRunner.Runtime;
import io.delivery.config.Secret;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What functions do that they should not, and what becomes of the next event. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(240)
class FunctionFaultsTest {
    private static final Duration SHORT = Duration.ofSeconds(2);

    private TestHost host;
    private @TempDir Path folder;

    @BeforeAll
    static void needsPython() {
        Programs.assume("python3");
    }

    @BeforeEach
    void openHost() throws IOException {
        host = new TestHost(folder);
    }

    @AfterEach
    void closeHost() {
        host.close();
    }

    private static void awaitGone(long pid) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(Programs.lives(pid))
                                        .as("process %d lives", pid)
                                        .isFalse());
    }

    @Test
    void a_time_out_kills_every_process_that_the_function_started_and_one_that_left_its_group()
            throws Exception {
        ProcessFunction function =
                host.python(
                        """
                        import os, subprocess, sys, time
                        def handler(event, context):
                            if event == "pids":
                                return open(PIDS).read().split() if os.path.exists(PIDS) else []
                            children = [subprocess.Popen(["sleep", "3600"]) for _ in range(10)]
                            # These leave the group, and their parent is gone.
                            for _ in range(10):
                                subprocess.run(["sh", "-c", "setsid sleep 3600 >/dev/null 2>&1 & echo $! >> " + PIDS])
                            open(PIDS, "a").write(" ".join([str(c.pid) for c in children] + [str(os.getpid())]))
                            time.sleep(3600)
                        PIDS = %s
                        """
                                .formatted(quoted(folder.resolve("pids"))));

        assertThat(answer(function, "\"pids\"")).isEqualTo("[]");
        Failed failed = failure(function, "\"hang\"", Duration.ofSeconds(5));

        assertThat(failed.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(failed.message()).contains("5 s");
        String pids = Files.readString(folder.resolve("pids"));
        assertThat(pids.strip().split("\\s+")).hasSize(21);
        for (String pid : pids.strip().split("\\s+")) {
            awaitGone(Long.parseLong(pid));
        }
        assertThat(answer(function, "\"pids\"")).contains("[");
    }

    private static String quoted(Path path) {
        return "'" + path + "'";
    }

    @Test
    void what_ends_at_once_is_started_again_with_growing_pauses_and_its_last_words_are_told()
            throws Exception {
        Path starts = folder.resolve("starts");
        ProcessFunction function =
                host.python(
                        """
                        import sys
                        open(%s, "a").write("started ")
                        sys.stderr.write("the table is gone\\n")
                        sys.exit(3)
                        """
                                .formatted(quoted(starts)));

        long begun = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            Failed failed = failure(function, "{}");
            assertThat(failed.reason()).isEqualTo(Reason.FUNCTION_ERROR);
            assertThat(failed.message()).contains("status 3").contains("the table is gone");
        }

        // 100, 200 and 400 ms
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofMillis(700));
        assertThat(Files.readString(starts).strip().split(" ")).hasSize(4);
        assertThat(function.status().trouble())
                .hasValueSatisfying(
                        t -> assertThat(t).contains("4 processes in a row").contains("status 3"));
        assertThat(function.status().lastErrorLine()).hasValue("the table is gone");
    }

    @Test
    void last_words_are_those_of_the_process_that_ended_and_not_of_another() throws Exception {
        Path mayEnd = folder.resolve("may-end");
        ProcessFunction function =
                host.open(
                        Runtime.PYTHON,
                        host.code(
                                "index.py",
                                """
                                import os, sys, time
                                def handler(event, context):
                                    if event == "end":
                                        os._exit(3)
                                    sys.stderr.write("the words of another\\n")
                                    while not os.path.exists(%s):
                                        time.sleep(0.01)
                                """
                                        .formatted(quoted(mayEnd))),
                        "index.handler",
                        2);
        CompletableFuture<InvocationResult> other =
                CompletableFuture.supplyAsync(() -> unchecked(function, "\"speak\""));
        await().atMost(TestHost.PATIENCE)
                .until(() -> function.status().lastErrorLine().isPresent());

        Failed failed = failure(function, "\"end\"");

        assertThat(failed.message()).endsWith("status 3 without an answer");
        Files.createFile(mayEnd);
        assertThat(other.join()).isInstanceOf(Answered.class);
    }

    private static InvocationResult unchecked(ProcessFunction function, String event) {
        try {
            return invoke(function, event);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void an_answer_of_100_MB_fails_its_event_only() throws Exception {
        ProcessFunction function =
                host.python(
                        """
                        def handler(event, context):
                            return "x" * event
                        """);

        Failed failed = failure(function, Integer.toString(100 << 20));

        assertThat(failed.reason()).isEqualTo(Reason.FUNCTION_ERROR);
        assertThat(failed.message()).contains("6 MB");
        assertThat(answer(function, "3")).isEqualTo("\"xxx\"");
    }

    @Test
    void a_flood_on_stderr_holds_up_nothing_and_most_of_it_is_left_out() throws Exception {
        ProcessFunction function =
                host.python(
                        """
                        import sys
                        def handler(event, context):
                            for i in range(200000):
                                sys.stderr.write("line %d of a flood\\n" % i)
                            sys.stderr.write("z" * 1000000 + "\\n")
                            return "done"
                        """);

        assertThat(answer(function, "{}")).isEqualTo("\"done\"");
        function.close();

        await().untilAsserted(
                        () ->
                                assertThat(host.log)
                                        .anyMatch(line -> line.contains("lines left out")));
        assertThat(host.log.size()).isLessThan(20_000);
        assertThat(host.log).allMatch(line -> line.length() < 17_000);
    }

    @Test
    void one_that_starts_slowly_gets_its_event_when_it_is_ready() throws Exception {
        ProcessFunction function =
                host.python(
                        """
                        import time
                        time.sleep(3)
                        def handler(event, context):
                            return context.get_remaining_time_in_millis() > 55000
                        """);

        assertThat(answer(function, "{}")).isEqualTo("true"); // its time has not begun before
    }

    @Test
    void one_that_never_becomes_ready_is_told_so() throws Exception {
        ProcessFunction function = host.python("import time\ntime.sleep(3600)\n");

        Failed failed = failure(function, "{}", Duration.ofSeconds(1));

        assertThat(failed.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(failed.message()).contains("ready");
    }

    @Test
    void one_that_ends_with_status_0_in_the_middle_has_failed() throws Exception {
        ProcessFunction function =
                host.python(
                        """
                        import os
                        def handler(event, context):
                            if event == "end":
                                os._exit(0)
                            return event
                        """);

        Failed failed = failure(function, "\"end\"");

        assertThat(failed.reason()).isEqualTo(Reason.FUNCTION_ERROR);
        assertThat(failed.message()).contains("status 0 without an answer");
        assertThat(answer(function, "7")).isEqualTo("7");
        assertThat(function.status().trouble()).isEmpty();
    }

    @Test
    void an_import_error_is_told_in_pythons_words() throws Exception {
        ProcessFunction function = host.python("import no_such_module\n");

        Failed failed = failure(function, "{}");

        assertThat(failed.reason()).isEqualTo(Reason.FUNCTION_ERROR);
        assertThat(failed.message())
                .contains("Runtime.ImportModuleError")
                .contains("No module named 'no_such_module'");
    }

    @Test
    void a_syntax_error_is_told_in_pythons_words() throws Exception {
        ProcessFunction function = host.python("def handler(event, context:\n");

        assertThat(failure(function, "{}").message()).contains("Runtime.UserCodeSyntaxError");
    }

    @Test
    void a_handler_that_is_not_there_is_told() throws Exception {
        ProcessFunction function = host.python("def other(event, context):\n    return 1\n");

        assertThat(failure(function, "{}").message())
                .contains("Runtime.HandlerNotFound")
                .contains("'handler' missing on module 'index'");
    }

    @Test
    void an_answer_that_is_no_json_is_passed_on_as_it_came() throws Exception {
        Programs.assume("curl");
        ProcessFunction function =
                host.bootstrap(
                        """
                        #!/bin/sh
                        api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
                        while true; do
                            id=$(curl -sS -D - -o /dev/null $api/next | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: //Ip')
                            curl -sS -d 'this is no json' $api/$id/response
                        done
                        """);

        assertThat(answer(function, "{}")).isEqualTo("this is no json");
    }

    @Test
    void it_cannot_answer_for_another_request() throws Exception {
        Programs.assume("curl");
        ProcessFunction function =
                host.bootstrap(
                        """
                        #!/bin/sh
                        api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
                        id=$(curl -sS -D - -o /dev/null $api/next | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: //Ip')
                        curl -sS -d '"wrong"' -w 'status %{http_code}\\n' $api/11111111-2222-3333-4444-555555555555/response >&2
                        curl -sS -d '"right"' $api/$id/response
                        sleep 3600
                        """);

        assertThat(answer(function, "{}")).isEqualTo("\"right\"");
        await().untilAsserted(
                        () ->
                                assertThat(host.log)
                                        .anyMatch(line -> line.contains("InvalidRequestID"))
                                        .anyMatch(line -> line.contains("status 400")));
    }

    @Test
    void one_that_answers_and_asks_for_nothing_more_is_replaced() throws Exception {
        Programs.assume("curl");
        ProcessFunction function =
                host.open(
                        Runtime.PROVIDED,
                        host.code(
                                "bootstrap",
                                """
                                #!/bin/sh
                                api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
                                id=$(curl -sS -D - -o /dev/null $api/next | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: //Ip')
                                curl -sS -d $$ $api/$id/response
                                sleep 3600
                                """),
                        "",
                        1,
                        SHORT, // and 10 s at least
                        Map.of());
        String first = answer(function, "{}");

        assertThat(answer(function, "{}")).isNotEqualTo(first);

        awaitGone(Long.parseLong(first));
    }

    @Test
    void it_runs_in_a_folder_of_its_own_with_the_environment_of_lambda_and_nothing_of_ours()
            throws Exception {
        ProcessFunction function =
                host.open(
                        Runtime.PYTHON,
                        TestHost.function("python"),
                        "index.handler",
                        1,
                        Duration.ofSeconds(60),
                        Map.of("TABLE", new Secret("clicks")));

        String environment = answer(function, "{\"do\":\"environment\"}");
        String context = answer(function, "{\"do\":\"context\"}");

        Set<String> names = new java.util.TreeSet<>();
        new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(environment)
                .fieldNames()
                .forEachRemaining(names::add);
        // What the shell above it adds by itself is not ours.
        names.removeAll(Set.of("PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE"));
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "AWS_DEFAULT_REGION",
                        "AWS_EXECUTION_ENV",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                        "AWS_LAMBDA_FUNCTION_NAME",
                        "AWS_LAMBDA_FUNCTION_VERSION",
                        "AWS_LAMBDA_INITIALIZATION_TYPE",
                        "AWS_LAMBDA_LOG_GROUP_NAME",
                        "AWS_LAMBDA_LOG_STREAM_NAME",
                        "AWS_LAMBDA_RUNTIME_API",
                        "AWS_REGION",
                        "LAMBDA_RUNTIME_DIR",
                        "LAMBDA_TASK_ROOT",
                        "LANG",
                        "LD_LIBRARY_PATH",
                        "PATH",
                        "TABLE",
                        "TMPDIR",
                        "TZ",
                        "_HANDLER",
                        "_X_AMZN_TRACE_ID");
        assertThat(environment)
                .contains("\"TABLE\": \"clicks\"", "\"_HANDLER\": \"index.handler\"")
                .contains("\"AWS_REGION\": \"eu-north-1\"", "\"TZ\": \":UTC\"");
        assertThat(context)
                .contains("\"function\": \"enrich\"", "\"version\": \"$LATEST\"")
                .contains("\"memory\": \"256\"", "\"group\": \"/aws/lambda/enrich\"")
                .contains("\"arn:aws:lambda:eu-north-1:123456789012:function:enrich\"")
                .containsPattern("\"folder\": \"" + folder + "/functions/code/[0-9a-f]{32}\"")
                .containsPattern(
                        "\"stream\": \"\\d{4}/\\d\\d/\\d\\d/\\[\\$LATEST\\][0-9a-f]{32}\"");
    }

    @Test
    void its_temporary_files_are_gone_with_it() throws Exception {
        ProcessFunction function =
                host.python(
                        """
                        import tempfile
                        def handler(event, context):
                            return tempfile.mkdtemp()
                        """);
        String made = answer(function, "{}").replace("\"", "");
        assertThat(Path.of(made)).isDirectory().startsWith(folder.resolve("functions/tmp"));

        function.close();

        await().untilAsserted(
                        () -> {
                            try (Stream<Path> left = Files.list(folder.resolve("functions/tmp"))) {
                                assertThat(left).isEmpty();
                            }
                        });
        await().untilAsserted(
                        () -> {
                            try (Stream<Path> left = Files.list(folder.resolve("functions/code"))) {
                                assertThat(left).isEmpty();
                            }
                        });
    }

    @Test
    void an_event_that_is_too_large_is_refused() throws Exception {
        ProcessFunction function = host.python("def handler(event, context):\n    return 1\n");

        InvocationResult result = invoke(function, "\"" + "x".repeat(6 << 20) + "\"");

        assertThat(result).isInstanceOf(Failed.class);
        assertThat(((Failed) result).reason()).isEqualTo(Reason.REFUSED);
    }

    @Test
    void processes_that_live_are_killed_with_the_host() throws Exception {
        ProcessFunction function =
                host.python(
                        """
                        import os
                        def handler(event, context):
                            return os.getpid()
                        """);
        long pid = Long.parseLong(answer(function, "{}"));

        host.close();

        assertThat(Programs.lives(pid)).isFalse();
    }

    @Test
    void an_error_is_told_whatever_the_name_of_its_class_is() throws Exception {
        ProcessFunction function =
                host.python(
                        """
                        def handler(event, context):
                            assert context.identity.cognito_identity_id is None
                            assert context.identity.cognito_identity_pool_id is None
                            raise type(event, (Exception,), {})("told")
                        """);

        assertThat(failure(function, "\"Größe\"").message()).contains("Größe: told");
        assertThat(failure(function, "\"価格\"").message()).contains("価格: told");
    }

    @Test
    void what_a_former_host_left_does_not_keep_the_next_from_starting() throws Exception {
        host.close();
        Path left = Files.createDirectories(folder.resolve("functions/tmp/left"));
        Path deep = left;
        for (int i = 0; i < 3; i++) {
            deep = Files.createDirectories(deep.resolve("d".repeat(200)));
        }
        Files.createDirectories(deep.resolve("closed/inner"));
        Files.setPosixFilePermissions(
                deep.resolve("closed"),
                java.nio.file.attribute.PosixFilePermissions.fromString("---------"));

        host = new TestHost(folder);

        assertThat(left).doesNotExist();
        assertThat(answer(host.python("def handler(event, context):\n    return 1\n"), "{}"))
                .isEqualTo("1");
    }
}
