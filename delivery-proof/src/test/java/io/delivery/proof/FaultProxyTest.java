package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.delivery.proof.FaultPlan.Decision;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
    private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer store;

    @BeforeEach
    void startStore() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    arrived.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Host")
                                    + " "
                                    + new String(body, StandardCharsets.UTF_8));
                    byte[] answer = "stored".getBytes(StandardCharsets.UTF_8);
                    boolean head = exchange.getRequestMethod().equals("HEAD");
                    boolean chunks = exchange.getRequestURI().getPath().endsWith("chunks");
                    exchange.sendResponseHeaders(200, head ? -1 : chunks ? 0 : answer.length);
                    if (!head) {
                        exchange.getResponseBody().write(answer);
                    }
                    exchange.close();
                });
        store.start();
    }

    @AfterEach
    void stopStore() {
        store.stop(0);
    }

    /** A plan with one answer to everything. */
    private static FaultPlan always(Decision decision, FaultPlan.Weather weather) {
        return new FaultPlan(0) {
            @Override
            FaultPlan.Weather weather(long millis) {
                return weather;
            }

            @Override
            Decision next(Request request, FaultPlan.Weather now) {
                return decision;
            }
        };
    }

    private static FaultPlan always(Fault fault) {
        return always(
                new Decision(Optional.of(fault), Duration.ofMillis(30), false),
                FaultPlan.Weather.FAIR);
    }

    private static FaultPlan never() {
        return always(Decision.NONE, FaultPlan.Weather.FAIR);
    }

    private FaultProxy proxy(FaultPlan plan) throws IOException {
        URI target = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
        return FaultProxy.start(target, plan);
    }

    private HttpResponse<String> send(FaultProxy proxy, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(proxy.endpoint().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .expectContinue(body.length() > 10)
                        .timeout(Duration.ofSeconds(20))
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private String nextArrived() throws InterruptedException {
        return arrived.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void without_a_fault_requests_and_answers_pass_and_the_host_is_the_one_that_was_signed()
            throws Exception {
        try (FaultProxy proxy = proxy(never())) {
            for (String path : List.of("/b/k?x=%2F", "/b/chunks")) {
                HttpResponse<String> answer = send(proxy, "PUT", path, "a body of some bytes");

                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("stored");
                assertThat(nextArrived())
                        .isEqualTo(
                                "PUT %s %s a body of some bytes"
                                        .formatted(path, proxy.endpoint().getAuthority()));
            }
            assertThat(send(proxy, "HEAD", "/b/k", "").statusCode()).isEqualTo(200);
            assertThat(proxy.requests()).isEqualTo(3);
            assertThat(proxy.counts().values()).containsOnly(0L);
        }
    }

    @Test
    void slow_down_is_answered_and_nothing_arrives() throws Exception {
        try (FaultProxy proxy = proxy(always(Fault.SLOW_DOWN))) {
            HttpResponse<String> answer = send(proxy, "PUT", "/b/k", "body");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("<Code>SlowDown</Code>");
            assertThat(arrived).isEmpty();
            assertThat(proxy.counts()).containsEntry(Fault.SLOW_DOWN, 1L);
        }
    }

    @Test
    void a_portal_answers_success_and_a_page_and_nothing_arrives() throws Exception {
        try (FaultProxy proxy = proxy(always(Fault.PORTAL))) {
            HttpResponse<String> put = send(proxy, "PUT", "/b/k", "body");
            HttpResponse<String> head = send(proxy, "HEAD", "/b/k", "");

            assertThat(put.statusCode()).isEqualTo(200);
            assertThat(put.body()).contains("<html>");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(arrived).isEmpty();
            assertThat(proxy.counts()).containsEntry(Fault.PORTAL, 2L);
        }
    }

    @Test
    void an_error_after_it_was_stored_is_an_error_of_something_that_is_there() throws Exception {
        try (FaultProxy proxy = proxy(always(Fault.ERROR_AFTER_STORED))) {
            HttpResponse<String> answer = send(proxy, "PUT", "/b/k", "body");

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(arrived).hasSize(1);
        }
    }

    @Test
    void a_lost_answer_is_a_reset_of_something_that_is_there() throws Exception {
        for (Fault fault : List.of(Fault.ANSWER_LOST, Fault.COMPLETION_RESET)) {
            try (FaultProxy proxy = proxy(always(fault))) {
                assertThatThrownBy(() -> send(proxy, "POST", "/b/k?uploadId=1", "body"))
                        .isInstanceOf(IOException.class);

                assertThat(nextArrived()).startsWith("POST /b/k?uploadId=1");
                assertThat(proxy.counts().get(fault)).isPositive();
            }
        }
    }

    @Test
    void a_reset_midway_and_a_completion_that_is_reset_before_never_arrive() throws Exception {
        Map<Fault, Decision> before =
                Map.of(
                        Fault.RESET_MIDWAY,
                        new Decision(Optional.of(Fault.RESET_MIDWAY), Duration.ZERO, true),
                        Fault.COMPLETION_RESET,
                        new Decision(Optional.of(Fault.COMPLETION_RESET), Duration.ZERO, true));
        for (Map.Entry<Fault, Decision> each : before.entrySet()) {
            FaultPlan plan = always(each.getValue(), FaultPlan.Weather.FAIR);
            try (FaultProxy proxy = proxy(plan)) {
                assertThatThrownBy(() -> send(proxy, "PUT", "/b/k", "a body of some bytes"))
                        .isInstanceOf(IOException.class);

                assertThat(arrived).isEmpty();
            }
        }
    }

    @Test
    void a_late_request_arrives_after_its_client_was_reset_and_healing_waits_for_it()
            throws Exception {
        try (FaultProxy proxy = proxy(always(Fault.LATE))) {
            assertThatThrownBy(() -> send(proxy, "PUT", "/b/k", "body"))
                    .isInstanceOf(IOException.class);

            proxy.heal();

            assertThat(arrived).isNotEmpty();
            assertThat(send(proxy, "PUT", "/b/k", "body").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_delayed_request_arrives_and_is_answered() throws Exception {
        try (FaultProxy proxy = proxy(always(Fault.DELAYED))) {
            assertThat(send(proxy, "PUT", "/b/k", "body").body()).isEqualTo("stored");
        }
    }

    @Test
    void while_connections_are_refused_nobody_listens_and_healing_ends_that() throws Exception {
        FaultPlan refusing = always(Decision.NONE, FaultPlan.Weather.REFUSING);
        try (FaultProxy proxy = proxy(refusing)) {
            boolean refused = false;
            for (long end = System.nanoTime() + 20_000_000_000L; !refused; ) {
                try {
                    send(proxy, "PUT", "/b/k", "body");
                } catch (ConnectException nobody) {
                    refused = true;
                } catch (IOException reset) {
                    // it was just about to stop
                }
                assertThat(System.nanoTime()).isLessThan(end);
            }

            proxy.heal();

            assertThat(send(proxy, "PUT", "/b/k", "body").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_store_behind_tls_is_refused() {
        assertThatThrownBy(() -> FaultProxy.start(URI.create("https://s3.example"), never()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without TLS");
    }
}
