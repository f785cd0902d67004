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

    @Test
    void an_async_one_that_calls_back_answers_what_it_called_back_with() throws Exception {
        ProcessFunction function =
                node(
                        "index.js",
                        "index.handler",
                        """
                        exports.handler = async (event, context, callback) => {
                            if (event === 'error') callback(new RangeError('called back'));
                            if (event === 'succeed') context.succeed('succeeded');
                            callback(null, event);
                        };
                        """);

        assertThat(answer(function, "\"value\"")).isEqualTo("\"value\"");
        assertThat(answer(function, "\"succeed\"")).isEqualTo("\"succeeded\"");
        assertThat(failure(function, "\"error\"").message()).contains("RangeError: called back");
    }

    @Test
    void only_the_first_answer_counts() throws Exception {
        ProcessFunction function =
                node(
                        "index.js",
                        "index.handler",
                        """
                        exports.handler = (event, context, callback) => {
                            if (event === 'promise') {
                                setTimeout(() => callback(new Error('late')), 20);
                                return Promise.resolve('promise');
                            }
                            callback(null, 'first');
                            callback(new Error('second'));
                            context.done(null, 'third');
                            context.fail(new Error('fourth'));
                            if (event === 'throw') throw new Error('fifth');
                        };
                        """);

        assertThat(answer(function, "\"call\"")).isEqualTo("\"first\"");
        assertThat(answer(function, "\"promise\"")).isEqualTo("\"promise\"");
        assertThat(answer(function, "\"throw\"")).isEqualTo("\"first\"");
    }

    @Test
    void only_a_callback_without_an_error_waits_for_what_is_left() throws Exception {
        ProcessFunction function =
                node(
                        "index.js",
                        "index.handler",
                        """
                        exports.handler = (event, context, callback) => {
                            setInterval(() => {}, 1000); // for ever
                            if (event === 'done') context.done(null, 1);
                            if (event === 'succeed') context.succeed(2);
                            if (event === 'fail') context.fail(new Error('three'));
                            if (event === 'error') callback(new Error('four'));
                        };
                        """);

        assertThat(answer(function, "\"done\"")).isEqualTo("1");
        assertThat(answer(function, "\"succeed\"")).isEqualTo("2");
        assertThat(failure(function, "\"fail\"").message()).contains("Error: three");
        assertThat(failure(function, "\"error\"").message()).contains("Error: four");
    }

    @Test
    void what_calls_back_late_does_not_answer_the_next_event() throws Exception {
        ProcessFunction function =
                node(
                        "index.js",
                        "index.handler",
                        """
                        let former = () => {};
                        exports.handler = (event, context, callback) => {
                            former(null, 'of the former one');
                            former = callback;
                            return new Promise((resolve) => setTimeout(() => resolve(event), 50));
                        };
                        """);

        assertThat(answer(function, "1")).isEqualTo("1");
        assertThat(answer(function, "2")).isEqualTo("2");
        assertThat(answer(function, "3")).isEqualTo("3");
    }

    @Test
    void a_promise_that_nothing_can_settle_any_more_is_an_error() throws Exception {
        ProcessFunction function =
                node(
                        "index.js",
                        "index.handler",
                        """
                        exports.handler = async (event) => {
                            if (event === 'never') await new Promise(() => {});
                            return event;
                        };
                        """);

        assertThat(failure(function, "\"never\"").message()).contains("NodeJsExit");
        assertThat(answer(function, "1")).isEqualTo("1");
    }

    @Test
    void an_error_is_told_whatever_its_name_is() throws Exception {
        ProcessFunction function =
                node(
                        "index.js",
                        "index.handler",
                        """
                        exports.handler = async (event) => {
                            throw Object.assign(new Error('told'), { name: event });
                        };
                        """);

        assertThat(failure(function, "\"größe\"").message()).contains("größe: told");
        assertThat(failure(function, "\"two\\nlines\"").message()).contains("told");
        assertThat(failure(function, "5").message()).contains("5: told");
    }
}
