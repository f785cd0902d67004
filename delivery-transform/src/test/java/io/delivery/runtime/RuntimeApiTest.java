package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Answered;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Runtime API by itself: the process does nothing, and the test speaks in its place. */
@Timeout(120)
class RuntimeApiTest {
    private static final String API = "/2018-06-01/runtime/";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private @TempDir Path folder;
    private TestHost host;
    private ProcessFunction function;
    private String address;

    @BeforeEach
    void start() throws Exception {
        host = new TestHost(folder);
        Path told = folder.resolve("address");
        function =
                host.bootstrap(
                        """
                        #!/bin/sh
                        echo $AWS_LAMBDA_RUNTIME_API > %s.new && mv %s.new %s
                        sleep 3600
                        """
                                .formatted(told, told, told));
        function.prepare();
        await().atMost(TestHost.PATIENCE).until(() -> Files.exists(told));
        address = Files.readString(told).strip();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Socket connect() throws IOException {
        String[] parts = address.split(":");
        return new Socket(parts[0], Integer.parseInt(parts[1]));
    }

    private HttpRequest.Builder to(String resource) {
        return HttpRequest.newBuilder(URI.create("http://" + address + API + resource))
                .timeout(TestHost.PATIENCE);
    }

    private HttpResponse<String> post(String resource, String body) throws Exception {
        return http.send(
                to(resource).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> next() throws Exception {
        return http.send(to("invocation/next").GET().build(), BodyHandlers.ofString());
    }

    private CompletableFuture<InvocationResult> invoke(String id, String event) {
        return function.invoke(
                        new Invocation(
                                id, event.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(60)))
                .toCompletableFuture();
    }

    private static InvocationResult result(CompletableFuture<InvocationResult> invocation)
            throws Exception {
        return invocation.get(60, TimeUnit.SECONDS);
    }

    private static void assertAnswer(InvocationResult result, String answer) {
        assertThat(result).isInstanceOf(Answered.class);
        assertThat(((Answered) result).payload()).asString().isEqualTo(answer);
    }

    private static void assertError(InvocationResult result, String... words) {
        assertThat(result).isInstanceOf(Failed.class);
        assertThat(((Failed) result).reason()).isEqualTo(Reason.FUNCTION_ERROR);
        assertThat(((Failed) result).message()).contains(words);
    }

    @Test
    void an_event_comes_with_what_belongs_to_it_and_its_answer_is_taken() throws Exception {
        String id = UUID.randomUUID().toString();
        CompletableFuture<InvocationResult> invocation = invoke(id, "{\"a\":1}");

        HttpResponse<String> event = next();

        assertThat(event.statusCode()).isEqualTo(200);
        assertThat(event.body()).isEqualTo("{\"a\":1}");
        assertThat(event.headers().map())
                .containsEntry("lambda-runtime-aws-request-id", java.util.List.of(id))
                .containsKey("lambda-runtime-trace-id");
        assertThat(event.headers().firstValue("lambda-runtime-invoked-function-arn"))
                .hasValue("arn:aws:lambda:eu-north-1:123456789012:function:enrich");
        assertThat(event.headers().firstValueAsLong("lambda-runtime-deadline-ms").orElse(0))
                .isBetween(System.currentTimeMillis(), System.currentTimeMillis() + 60_000);
        HttpResponse<String> taken = post("invocation/" + id + "/response", "[2]");
        assertThat(taken.statusCode()).isEqualTo(202);
        assertAnswer(result(invocation), "[2]");
        assertThat(post("invocation/" + id + "/response", "[3]").statusCode()).isEqualTo(400);
    }

    @Test
    void an_event_waits_for_its_answer_before_the_next_is_given() throws Exception {
        invoke("one", "1");
        next();

        HttpResponse<String> refused = next();

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("\"errorType\":\"InvalidStateTransition\"");
    }

    @Test
    void what_is_asked_once_more_replaces_what_was_asked_before() throws Exception {
        CompletableFuture<HttpResponse<String>> first =
                http.sendAsync(to("invocation/next").GET().build(), BodyHandlers.ofString());
        await().pollDelay(Duration.ofMillis(200)).until(() -> !first.isDone());
        CompletableFuture<HttpResponse<String>> second =
                http.sendAsync(to("invocation/next").GET().build(), BodyHandlers.ofString());

        assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(410);
        invoke("one", "1");
        assertThat(second.get(60, TimeUnit.SECONDS).body()).isEqualTo("1");
    }

    @Test
    void an_error_is_told_with_its_type_and_message() throws Exception {
        CompletableFuture<InvocationResult> invocation = invoke("one", "1");
        next();

        HttpResponse<String> taken =
                post(
                        "invocation/one/error",
                        "{\"errorType\":\"Table.Missing\",\"errorMessage\":\"no \\u0007table\",\"stackTrace\":[]}");

        assertThat(taken.statusCode()).isEqualTo(202);
        assertError(result(invocation), "Table.Missing: no  table");
    }

    @Test
    void an_error_in_another_form_is_told_as_it_came() throws Exception {
        CompletableFuture<InvocationResult> invocation = invoke("one", "1");
        next();
        http.send(
                to("invocation/one/error")
                        .header("Lambda-Runtime-Function-Error-Type", "My.Error")
                        .POST(BodyPublishers.ofString("gone <away>"))
                        .build(),
                BodyHandlers.ofString());

        assertError(result(invocation), "My.Error", "gone <away>");
    }

    @Test
    void a_process_that_cannot_work_says_why_once() throws Exception {
        CompletableFuture<InvocationResult> invocation = invoke("one", "1");

        HttpResponse<String> taken =
                post("init/error", "{\"errorType\":\"Init\",\"errorMessage\":\"no table\"}");

        assertThat(taken.statusCode()).isEqualTo(202);
        assertError(result(invocation), "Init: no table");
    }

    @Test
    void what_works_cannot_say_that_it_does_not() throws Exception {
        invoke("one", "1");
        next();

        assertThat(post("init/error", "{}").statusCode()).isEqualTo(403);
    }

    @Test
    void a_large_answer_is_refused_without_reading_it() throws Exception {
        CompletableFuture<InvocationResult> invocation = invoke("one", "1");
        next();
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            String head =
                    "POST %sinvocation/one/response HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
                            .formatted(API, 100 << 20);
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.flush();

            // Nothing of the body has been sent.
            assertThat(firstLine(socket.getInputStream())).startsWith("HTTP/1.1 413");
        }
        assertError(result(invocation), "6 MB");
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    @Test
    void a_streamed_answer_is_taken_whole_and_one_that_fails_behind_its_body_is_an_error()
            throws Exception {
        CompletableFuture<InvocationResult> invocation = invoke("one", "1");
        next();
        assertThat(streamed("one", "")).startsWith("HTTP/1.1 202");
        assertAnswer(result(invocation), "hello world");

        CompletableFuture<InvocationResult> second = invoke("two", "2");
        next();
        String error = "{\"errorMessage\":\"cut off\",\"errorType\":\"Half\"}";
        String base64 =
                java.util.Base64.getEncoder()
                        .encodeToString(error.getBytes(StandardCharsets.UTF_8));
        streamed(
                "two",
                "Lambda-Runtime-Function-Error-Type: Half\r\nLambda-Runtime-Function-Error-Body: "
                        + base64
                        + "\r\n");
        assertError(result(second), "Half: cut off");
    }

    private String streamed(String id, String trailers) throws IOException {
        try (Socket socket = connect()) {
            String request =
                    ("POST %sinvocation/%s/response HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                                    + "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
                                    + "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n"
                                    + "6\r\nhello \r\n5\r\nworld\r\n0\r\n%s\r\n")
                            .formatted(API, id, trailers);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return firstLine(socket.getInputStream());
        }
    }

    @Test
    void an_answer_that_breaks_off_may_be_given_again() throws Exception {
        CompletableFuture<InvocationResult> invocation = invoke("one", "1");
        next();
        try (Socket socket = connect()) {
            String half =
                    "POST %sinvocation/one/response HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"
                            .formatted(API);
            socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
        }

        await().untilAsserted(
                        () ->
                                assertThat(post("invocation/one/response", "whole").statusCode())
                                        .isEqualTo(202));

        assertAnswer(result(invocation), "whole");
    }

    @Test
    void what_is_no_part_of_the_api_is_told_so() throws Exception {
        assertThat(post("invocation/unknown/response", "1").statusCode()).isEqualTo(400);
        assertThat(post("invocation/next", "1").statusCode()).isEqualTo(405);
        assertThat(post("elsewhere", "1").statusCode()).isEqualTo(404);
        assertThat(
                        http.send(
                                        HttpRequest.newBuilder(
                                                        URI.create(
                                                                "http://"
                                                                        + address
                                                                        + "/2020-01-01/extension/register"))
                                                .POST(BodyPublishers.ofString("{}"))
                                                .build(),
                                        BodyHandlers.ofString())
                                .statusCode())
                .isEqualTo(404);
    }

    @Test
    void many_small_events_do_not_wait_for_acknowledgements_of_tcp() throws Exception {
        long begun = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<InvocationResult> invocation = invoke("id-" + i, "1");
            next();
            post("invocation/id-" + i + "/response", "1");
            result(invocation);
        }

        // With Nagle's algorithm and delayed acknowledgements each would take 40 ms or more, twice.
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void the_port_is_closed_with_its_process() {
        function.close();

        await().untilAsserted(
                        () ->
                                assertThat(
                                                org.assertj.core.api.Assertions.catchThrowable(
                                                        this::next))
                                        .isInstanceOf(IOException.class));
    }

    @Test
    void a_long_report_of_an_error_is_told_as_such() throws Exception {
        CompletableFuture<InvocationResult> invocation = invoke("one", "1");
        next();

        HttpResponse<String> refused =
                http.send(
                        to("invocation/one/error")
                                .header("Lambda-Runtime-Function-Error-Type", "My.Error")
                                .POST(BodyPublishers.ofString("x".repeat((1 << 20) + 1)))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains("report of an error");
        assertError(result(invocation), "My.Error", "report of the error has more than 1 MB");
    }

    @Test
    void a_process_tells_once_only_that_it_cannot_work() throws Exception {
        assertThat(post("init/error", "{\"errorType\":\"Init\"}").statusCode()).isEqualTo(202);
        assertThat(post("init/error", "{\"errorType\":\"Init\"}").statusCode()).isEqualTo(403);
    }

    @Test
    void a_long_reason_why_a_process_cannot_work_is_told_as_such() throws Exception {
        CompletableFuture<InvocationResult> invocation = invoke("one", "1");

        post("init/error", "x".repeat((1 << 20) + 1));

        assertError(result(invocation), "report of the error has more than 1 MB");
    }

    /** Each is refused before its body has been read. */
    @ParameterizedTest
    @CsvSource({
        "POST, invocation/one/response, 413",
        "POST, invocation/one/error, 413",
        "POST, invocation/two/response, 400",
        "POST, init/error, 403",
        "POST, nothing, 404",
        "PUT, invocation/one/response, 405",
    })
    void who_sends_all_of_a_body_before_it_reads_hears_that_it_was_refused(
            String method, String resource, int status) throws Exception {
        invoke("one", "1");
        next();

        assertThat(statusAfter(method, resource, "x".repeat(1 << 23))).endsWith(" " + status);
    }

    @Test
    void who_sends_all_of_a_long_reason_hears_that_it_was_taken() throws Exception {
        CompletableFuture<InvocationResult> invocation = invoke("one", "1");

        assertThat(statusAfter("POST", "init/error", "x".repeat(1 << 23))).endsWith(" 202");
        assertError(result(invocation), "report of the error has more than 1 MB");
    }

    /** Version and status of the answer, which is not looked at before the body has been sent. */
    private String statusAfter(String method, String resource, String body) throws Exception {
        try (Socket socket = connect()) {
            socket.setSoTimeout((int) TestHost.PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            String head =
                    "%s %s%s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n"
                            .formatted(method, API, resource, address, body.length());
            out.write((head + body).getBytes(StandardCharsets.US_ASCII));
            return firstLine(socket.getInputStream()).substring(0, "HTTP/1.1 200".length());
        }
    }
}
