package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that waits for its next event when the Runtime API ends: it has nothing to tell. */
@Timeout(120)
class RuntimeApiGoneTest {
    private static final int ENDS_THE_CONNECTION = 0;

    private @TempDir Path folder;

    /**
     * What the bootstrap writes, and its exit code.
     *
     * @param events how many it gets
     * @param answer to each question behind them
     */
    private String output(String program, String bootstrap, int events, int answer)
            throws Exception {
        Programs.assume(program);
        Path script = folder.resolve(bootstrap);
        Files.deleteIfExists(script);
        try (InputStream in = RuntimeHost.class.getResourceAsStream(bootstrap)) {
            Files.copy(in, script);
        }
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger asked = new AtomicInteger();
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        boolean asks = exchange.getRequestMethod().equals("GET");
                        if (asks && asked.getAndIncrement() < events) {
                            giveEvent(exchange);
                        } else if (!asks) {
                            exchange.sendResponseHeaders(202, -1);
                        } else if (answer != ENDS_THE_CONNECTION) {
                            exchange.sendResponseHeaders(answer, -1);
                        }
                    }
                });
        server.start();
        try {
            return run(List.of(program, script.toString()), server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
    }

    private static void giveEvent(HttpExchange exchange) throws IOException {
        byte[] event = "{}".getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "1");
        exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn", "arn:f");
        exchange.getResponseHeaders().set("Lambda-Runtime-Deadline-Ms", "1");
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
    }

    private String run(List<String> command, int port) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(
                        Map.of(
                                "AWS_LAMBDA_RUNTIME_API",
                                "127.0.0.1:" + port,
                                "LAMBDA_TASK_ROOT",
                                folder.toString(),
                                "_HANDLER",
                                "index.handler"));
        Process process = builder.start();
        try (InputStream written = process.getInputStream()) {
            String text = new String(written.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return text + "exit " + process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ENDS_THE_CONNECTION, 410})
    void a_python_function_ends_without_a_word(int answer) throws Exception {
        Files.writeString(folder.resolve("index.py"), "def handler(event, context): return event");

        assertThat(output("python3", "bootstrap.py", 1, answer)).isEqualTo("exit 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {ENDS_THE_CONNECTION, 410})
    void a_node_function_ends_without_a_word(int answer) throws Exception {
        Files.writeString(folder.resolve("index.mjs"), "export const handler = (event) => event;");

        assertThat(output("node", "bootstrap.mjs", 1, answer)).isEqualTo("exit 1");
    }

    @Test
    void one_that_was_never_given_an_event_says_why_it_ends() throws Exception {
        Files.writeString(folder.resolve("index.py"), "def handler(event, context): return event");
        Files.writeString(folder.resolve("index.mjs"), "export const handler = (event) => event;");

        assertThat(output("python3", "bootstrap.py", 0, ENDS_THE_CONNECTION))
                .startsWith("The Runtime API cannot be asked for an event: ")
                .endsWith("exit 1")
                .hasLineCount(2);
        assertThat(output("node", "bootstrap.mjs", 0, ENDS_THE_CONNECTION))
                .startsWith("The Runtime API cannot be asked for an event: ")
                .endsWith("exit 1")
                .hasLineCount(2);
    }

    @Test
    void a_time_out_that_a_function_sets_for_its_own_connections_does_not_end_the_wait()
            throws Exception {
        Programs.assume("python3");
        TestHost host = new TestHost(folder);
        try (host) {
            ProcessFunction function =
                    host.python(
                            """
                            import gc, http.client, socket
                            socket.setdefaulttimeout(5)
                            def handler(event, context):
                                return [c.sock.gettimeout() for c in gc.get_objects()
                                        if isinstance(c, http.client.HTTPConnection)]
                            """);

            assertThat(TestHost.answer(function, "{}")).isEqualTo("[null]");
            function.close();
        }
    }

    @Test
    void another_answer_than_an_event_is_told() throws Exception {
        Files.writeString(folder.resolve("index.py"), "def handler(event, context): return event");

        assertThat(output("python3", "bootstrap.py", 1, 500))
                .contains("The Runtime API gave no event: 500")
                .endsWith("exit 1");
    }

    @Test
    void a_function_that_is_closed_while_it_waits_writes_no_line() throws Exception {
        Programs.assume("python3");
        TestHost host = new TestHost(folder);
        try (host) {
            ProcessFunction function = host.python("def handler(event, context): return event");
            assertThat(TestHost.answer(function, "{}")).isEqualTo("{}");

            function.close();
        }

        assertThat(host.log).isEmpty();
    }
}
