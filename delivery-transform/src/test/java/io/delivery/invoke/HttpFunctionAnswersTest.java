package io.delivery.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.FunctionRunner;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.machine.ThreadScheduler;
import io.delivery.testkit.servers.PrivateAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each answer of a server means, and what a broken one costs. */
@Timeout(60)
class HttpFunctionAnswersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json";

    private final ThreadScheduler scheduler = new ThreadScheduler();

    @AfterEach
    void stop() {
        scheduler.close();
    }

    private InvocationResult invoke(URI uri, Duration timeout) throws Exception {
        try (HttpFunction function =
                new HttpFunction("f", new FunctionRunner.Endpoint(uri), 1, scheduler)) {
            return invoke(function, timeout);
        }
    }

    private static InvocationResult invoke(HttpFunction function, Duration timeout)
            throws Exception {
        byte[] event = "{\"records\":[]}".getBytes(StandardCharsets.UTF_8);
        return function.invoke(new Invocation("request-1", event, timeout))
                .toCompletableFuture()
                .get(50, TimeUnit.SECONDS);
    }

    private Failed failure(ScriptedServer.Script script) throws Exception {
        return failure(script, PATIENCE);
    }

    private Failed failure(ScriptedServer.Script script, Duration timeout) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(script)) {
            return failed(invoke(server.uri(), timeout));
        }
    }

    private static Failed failed(InvocationResult result) {
        assertThat(result).isInstanceOf(Failed.class);
        return (Failed) result;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // --- answers ---

    @Test
    void the_event_is_posted_as_it_is_with_the_request_id() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.start(ScriptedServer.answering(OK, "{\"records\":[]}"))) {
            URI uri = server.uri().resolve("/2015-03-31/functions/function/invocations?a=b");

            InvocationResult result = invoke(uri, PATIENCE);

            assertThat(((Answered) result).payload()).asString().isEqualTo("{\"records\":[]}");
            ScriptedServer.Request request = server.requests().get(0);
            assertThat(request.body()).asString().isEqualTo("{\"records\":[]}");
            assertThat(request.head())
                    .startsWith("post /2015-03-31/functions/function/invocations?a=b http/1.1")
                    .contains("x-amzn-requestid: request-1")
                    .doesNotContain("accept-encoding", "expect:", "upgrade");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, REFUSED",
        "401, ACCESS_DENIED",
        "403, ACCESS_DENIED",
        "404, NOT_FOUND",
        "413, REFUSED",
        "429, TOO_MANY_INVOCATIONS",
        "500, SERVICE_UNAVAILABLE",
        "503, SERVICE_UNAVAILABLE",
        "504, TIMED_OUT"
    })
    void a_status_says_why_there_is_no_answer(int status, Reason reason) throws Exception {
        Failed failed =
                failure(
                        ScriptedServer.answering(
                                "HTTP/1.1 %d Words".formatted(status), "it is like this"));

        assertThat(failed.reason()).isEqualTo(reason);
        assertThat(failed.message()).contains(Integer.toString(status), "it is like this");
    }

    @Test
    void a_redirect_is_not_followed_and_says_where_to() throws Exception {
        Failed failed =
                failure(
                        ScriptedServer.answering(
                                "HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/", ""));

        assertThat(failed.reason()).isEqualTo(Reason.REFUSED);
        assertThat(failed.message()).contains("redirects to http://127.0.0.1:1/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // The emulator of Lambda, when a function throws, ends or takes too long.
                "200 OK; {\"errorMessage\":\"no table\",\"errorType\":\"KeyError\"}; FUNCTION_ERROR; KeyError: no table",
                "502 Bad; {\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"exit status 1\"}; FUNCTION_ERROR; Runtime.ExitError: exit status 1",
                "200 OK; Task timed out after 3.00 seconds; TIMED_OUT; Task timed out",
                // Lambda itself.
                "200 OK | X-Amz-Function-Error: Unhandled; {\"errorMessage\":\"2026-01-01T00:00:00Z 1f Task timed out after 3.00 seconds\"}; TIMED_OUT; Task timed out",
                "200 OK | X-Amz-Function-Error: Unhandled; {\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: 1 Error: Task timed out after 3.00 seconds\"}; TIMED_OUT; Task timed out",
                "200 OK | X-Amz-Function-Error: Handled; no JSON at all; FUNCTION_ERROR; no JSON at all"
            })
    void an_error_of_the_function_is_told_in_its_own_words(
            String head, String body, Reason reason, String words) throws Exception {
        String lines = "HTTP/1.1 " + head.replace(" | ", "\r\n");

        Failed failed = failure(ScriptedServer.answering(lines, body));

        assertThat(failed.reason()).isEqualTo(reason);
        assertThat(failed.message()).contains(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"records\":[],\"errorType\":\"mine\"}",
                "{\"errorType\":\"mine\",\"records\":[]}",
                "{\"errorMessage\":\"without a type\"}",
                "{\"data\":{\"errorType\":\"within\"}}",
                "no JSON at all"
            })
    void what_is_no_error_for_certain_is_an_answer(String body) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.answering(OK, body))) {
            InvocationResult result = invoke(server.uri(), PATIENCE);

            assertThat(((Answered) result).payload()).asString().isEqualTo(body);
        }
    }

    @Test
    void characters_that_move_the_cursor_are_shown_and_long_words_cut() throws Exception {
        String words = "\u001b[2Jgone" + "x".repeat(10_000);

        Failed failed = failure(ScriptedServer.answering("HTTP/1.1 500 No", words));

        assertThat(failed.message()).contains("\\u001b[2Jgone").hasSizeLessThan(700);
    }

    // --- faults ---

    @Test
    void a_refused_connection_is_unreachable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        Failed failed = failed(invoke(URI.create("http://127.0.0.1:" + port), PATIENCE));

        assertThat(failed.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failed.message()).contains("refused");
    }

    @Test
    void a_connection_that_breaks_within_the_answer_is_unreachable() throws Exception {
        Failed reset =
                failure(
                        (request, socket) -> {
                            socket.getOutputStream()
                                    .write(utf8(OK + "\r\nContent-Length: 99\r\n\r\n{"));
                            socket.setSoLinger(true, 0); // closed with a reset
                        });
        Failed ended =
                failure(
                        (request, socket) ->
                                socket.getOutputStream()
                                        .write(utf8(OK + "\r\nContent-Length: 99\r\n\r\n{")));

        assertThat(reset.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(ended.reason()).isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void a_reply_of_a_hundred_megabytes_is_not_read_on() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch broken = new CountDownLatch(1);
        byte[] piece = new byte[64 << 10];

        Failed failed =
                failure(
                        (request, socket) -> {
                            OutputStream out = socket.getOutputStream();
                            out.write(utf8(OK + "\r\nContent-Length: 104857600\r\n\r\n"));
                            try {
                                while (written.get() < 100 << 20) {
                                    out.write(piece);
                                    written.addAndGet(piece.length);
                                }
                            } finally {
                                broken.countDown();
                            }
                        });

        assertThat(failed.reason()).isEqualTo(Reason.FUNCTION_ERROR);
        assertThat(failed.message()).contains("more than 6291456 bytes");
        assertThat(broken.await(30, TimeUnit.SECONDS)).isTrue();
        // What sockets hold comes on top.
        assertThat(written.get()).isLessThan(40 << 20);
    }

    @Test
    void a_body_that_trickles_in_is_ended_at_the_time_out() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        long begun = System.nanoTime();

        Failed failed =
                failure(
                        (request, socket) -> {
                            OutputStream out = socket.getOutputStream();
                            out.write(utf8(OK + "\r\nContent-Length: 100000\r\n\r\n"));
                            try {
                                while (!end.await(20, TimeUnit.MILLISECONDS)) {
                                    out.write(' ');
                                    out.flush();
                                }
                            } catch (InterruptedException stopped) {
                                throw new IOException(stopped);
                            }
                        },
                        Duration.ofMillis(700));

        end.countDown();
        assertThat(failed.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(failed.message()).contains("700 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(600), Duration.ofSeconds(15));
    }

    @Test
    void a_server_whose_certificate_nobody_trusts_gets_no_event(@TempDir Path folder)
            throws Exception {
        PrivateAuthority authority = PrivateAuthority.create(folder);
        ServerSocket listening =
                authority
                        .server()
                        .getServerSocketFactory()
                        .createServerSocket(0, 5, InetAddress.getLoopbackAddress());

        try (ScriptedServer server =
                ScriptedServer.start(listening, ScriptedServer.answering(OK, "{}"))) {
            Failed failed =
                    failed(invoke(URI.create("https://127.0.0.1:" + server.port()), PATIENCE));

            assertThat(failed.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(failed.message()).contains("certificat");
            assertThat(server.requests()).isEmpty();
        }
    }

    // --- trouble ---

    @Test
    void several_that_do_not_reach_it_are_a_trouble_until_one_does() throws Exception {
        AtomicLong count = new AtomicLong();
        ScriptedServer.Script script =
                (request, socket) -> {
                    boolean away = count.incrementAndGet() <= 3;
                    String head = away ? "HTTP/1.1 503 Away" : OK;
                    ScriptedServer.answering(head, "{}").answer(request, socket);
                };
        try (ScriptedServer server = ScriptedServer.start(script);
                HttpFunction function =
                        new HttpFunction(
                                "f", new FunctionRunner.Endpoint(server.uri()), 1, scheduler)) {
            invoke(function, PATIENCE);
            invoke(function, PATIENCE);
            assertThat(function.status().trouble()).isEmpty();

            invoke(function, PATIENCE);
            assertThat(function.status().trouble())
                    .hasValueSatisfying(trouble -> assertThat(trouble).contains("503"));

            invoke(function, PATIENCE);
            assertThat(function.status().trouble()).isEmpty();
        }
    }
}
