package io.delivery.runtime;

import static io.delivery.runtime.TestHost.answer;
import static io.delivery.runtime.TestHost.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.FunctionRunner.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The forms that a handler for Node.js may have. */
@Timeout(120)
class NodeHandlersTest {
    private @TempDir Path folder;
    private TestHost host;

    @BeforeAll
    static void needsNode() {
        Programs.assume("node");
    }

    @BeforeEach
    void open() throws IOException {
        host = new TestHost(folder);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private ProcessFunction node(String file, String handler, String code) throws IOException {
        return host.open(Runtime.NODEJS, host.code(file, code), handler, 1);
    }

    @Test
    void one_that_calls_back_answers_when_nothing_is_left_to_do() throws Exception {
        ProcessFunction function =
                node(
                        "index.js",
                        "index.handler",
                        """
                        let done = 'early';
                        exports.handler = (event, context, callback) => {
                            const answer = { toJSON: () => done };
                            callback(null, answer);
                            setTimeout(() => { done = 'late'; }, 300);
                        };
                        """);

        assertThat(answer(function, "{}")).isEqualTo("\"late\"");
        assertThat(answer(function, "{}")).isEqualTo("\"late\"");
    }

    @Test
    void one_that_does_not_wait_for_what_is_left_answers_at_once() throws Exception {
        ProcessFunction function =
                node(
                        "index.js",
                        "index.handler",
                        """
                        exports.handler = (event, context, callback) => {
                            context.callbackWaitsForEmptyEventLoop = false;
                            setInterval(() => {}, 1000);
                            callback(null, event + 1);
                        };
                        """);

        assertThat(answer(function, "1")).isEqualTo("2");
        assertThat(answer(function, "2")).isEqualTo("3");
    }

    @Test
    void context_done_succeed_and_fail_answer_as_well() throws Exception {
        ProcessFunction function =
                node(
                        "index.js",
                        "index.handler",
                        """
                        exports.handler = (event, context) => {
                            if (event === 'done') context.done(null, 1);
                            if (event === 'succeed') context.succeed(2);
                            if (event === 'fail') context.fail(new TypeError('three'));
                        };
                        """);

        assertThat(answer(function, "\"done\"")).isEqualTo("1");
        assertThat(answer(function, "\"succeed\"")).isEqualTo("2");
        assertThat(failure(function, "\"fail\"").message()).contains("TypeError: three");
        assertThat(answer(function, "\"nothing\"")).isEqualTo("null");
    }

    @Test
    void a_promise_without_async_and_what_is_thrown_at_once_are_understood() throws Exception {
        ProcessFunction function =
                node(
                        "src/app.js",
                        "src/app.api.handler",
                        """
                        exports.api = { handler: (event) => {
                            if (event === 'throw') throw new RangeError('at once');
                            return Promise.resolve(event);
                        } };
                        """);

        assertThat(answer(function, "7")).isEqualTo("7");
        assertThat(failure(function, "\"throw\"").message()).contains("RangeError: at once");
    }

    @Test
    void modules_of_both_kinds_are_loaded() throws Exception {
        String module =
                """
                import os from 'node:os';
                const answer = await Promise.resolve(typeof os.cpus);
                export const handler = async () => answer;
                """;
        assertThat(answer(node("index.mjs", "index.handler", module), "{}"))
                .isEqualTo("\"function\"");

        Path code = host.code("index.js", module);
        Files.writeString(code.resolve("package.json"), "{\"type\":\"module\"}");
        assertThat(answer(host.open(Runtime.NODEJS, code, "index.handler", 1), "{}"))
                .isEqualTo("\"function\"");

        assertThat(answer(node("a.cjs", "a.handler", "exports.handler = async () => 1;"), "{}"))
                .isEqualTo("1");
    }

    @Test
    void a_rejection_that_nobody_handles_ends_the_process_and_is_told() throws Exception {
        ProcessFunction function =
                node(
                        "index.js",
                        "index.handler",
                        """
                        exports.handler = async (event) => {
                            if (event === 'reject') {
                                Promise.reject(new Error('nobody hears me'));
                                await new Promise((resolve) => setTimeout(resolve, 60000));
                            }
                            return event;
                        };
                        """);

        assertThat(failure(function, "\"reject\"").message())
                .contains("Runtime.UnhandledPromiseRejection")
                .contains("nobody hears me");
        assertThat(answer(function, "1")).isEqualTo("1");
    }

    @Test
    void what_cannot_be_loaded_is_told_in_its_words() throws Exception {
        assertThat(failure(node("index.js", "index.handler", "require('no-such')"), "1").message())
                .contains("Runtime.ImportModuleError")
                .contains("no-such");
        assertThat(failure(node("index.js", "index.handler", "function ("), "1").message())
                .contains("Runtime.UserCodeSyntaxError");
        assertThat(failure(node("index.js", "index.handler", "exports.a = 1"), "1").message())
                .contains("Runtime.HandlerNotFound");
        assertThat(failure(node("a.js", "index.handler", ""), "1").message())
                .contains("Runtime.ImportModuleError")
                .contains("index");
    }

    @Test
    void an_answer_that_is_no_json_value_fails_its_event() throws Exception {
        ProcessFunction function =
                node("index.js", "index.handler", "exports.handler = async () => 1n;");

        assertThat(failure(function, "{}").message()).contains("Runtime.MarshalError");
    }
}
