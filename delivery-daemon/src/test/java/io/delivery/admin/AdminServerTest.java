package io.delivery.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.FakeStream;
import io.delivery.api.http.RawHttp;
import io.delivery.config.ConfigChange;
import io.delivery.config.EncryptionState;
import io.delivery.config.Origin;
import io.delivery.function.FunctionStatus;
import io.delivery.landing.Diversion;
import io.delivery.landing.Diversion.LocalFolder;
import io.delivery.landing.Diversion.Looks;
import io.delivery.landing.Diversion.Way;
import io.delivery.landing.Diversion.Which;
import io.delivery.landing.DiversionAnswer;
import io.delivery.landing.Diverted;
import io.delivery.landing.Diverted.Outcome;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.SequenceList;
import io.delivery.lane.Books;
import io.delivery.lane.LaneStatus;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import io.delivery.stream.StreamPhase;
import io.delivery.stream.StreamStatus;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Desk desk = new Desk();
    private volatile BiFunction<String, String, Optional<CompletionStage<ConfigComparison>>>
            comparing = (name, text) -> Optional.empty();
    private Health ready = Health.GOOD;
    private AdminServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void health_is_200_or_503_with_its_reasons() throws Exception {
        start(Optional.empty());

        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);

        ready = Health.bad("recovery is not done");
        HttpResponse<String> unready = get("/health/ready");
        assertThat(unready.statusCode()).isEqualTo(503);
        assertThat(json(unready).path("reasons").get(0).asText()).isEqualTo("recovery is not done");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void metrics_are_written_as_prometheus_reads_them() throws Exception {
        start(Optional.empty());

        HttpResponse<String> page = get("/metrics");

        assertThat(page.headers().firstValue("content-type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(page.body()).isEqualTo("delivery_x 1\n");
    }

    @Test
    void a_streams_status_shows_its_books() throws Exception {
        start(Optional.empty());

        JsonNode status = json(get("/streams/clicks"));

        assertThat(status.path("name").asText()).isEqualTo("clicks");
        assertThat(status.path("healthy").asBoolean()).isFalse();
        assertThat(status.path("troubles").get(0).asText()).isEqualTo("the store is away");
        assertThat(status.path("created").asText()).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(status.path("encryption").asText()).isEqualTo("enabling");
        JsonNode lane = status.path("lanes").get(0);
        assertThat(lane.path("lane").asText()).isEqualTo("main-1");
        assertThat(lane.path("books").path("accepted").asLong()).isEqualTo(10);
        assertThat(lane.path("books").path("buffered").asLong()).isEqualTo(4);
        assertThat(lane.path("books").path("balanced").asBoolean()).isTrue();
        assertThat(lane.path("oldest").isNull()).isTrue();
        JsonNode function = status.path("function");
        assertThat(function.path("name").asText()).isEqualTo("enrich");
        assertThat(function.path("slots").asInt()).isEqualTo(4);
        assertThat(function.path("busySlots").asInt()).isEqualTo(3);
        assertThat(function.path("waiting").asInt()).isEqualTo(2);
        assertThat(function.path("trouble").asText()).isEqualTo("it ends at once");
        assertThat(function.path("lastErrorLine").asText()).isEqualTo("boom");
        JsonNode unknown = status.path("unknownFields");
        assertThat(unknown.path("mostFrequent").get(0).path("field").asText())
                .isEqualTo("items[].sku");
        assertThat(unknown.path("mostFrequent").get(0).path("times").asLong()).isEqualTo(12);
        assertThat(unknown.path("others").asLong()).isEqualTo(5);
        assertThat(json(get("/streams")).path("streams")).hasSize(1);
        assertThat(json(get("/streams")).path("service").toString())
                .isEqualTo("{\"troubles\":[\"server.tls: old\"],\"notes\":[\"for tests only\"]}");
    }

    @Test
    void what_is_not_there_is_404_with_a_sentence() throws Exception {
        start(Optional.empty());

        assertThat(get("/streams/no").statusCode()).isEqualTo(404);
        assertThat(json(get("/streams/no")).path("error").asText())
                .isEqualTo("There is no stream no");
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/streams/clicks/flush").statusCode()).isEqualTo(404);
        assertThat(post("/streams/no/flush").statusCode()).isEqualTo(404);
        assertThat(json(post("/streams/clicks/pause")).path("error").asText())
                .isEqualTo("This version cannot pause a stream");
        assertThat(post("/streams/clicks/pause").statusCode()).isEqualTo(404);
        assertThat(post("/other").statusCode()).isEqualTo(404);
    }

    @Test
    void a_flush_is_answered_when_everything_has_landed() throws Exception {
        start(Optional.empty());

        CompletableFuture<HttpResponse<String>> answer =
                HTTP.sendAsync(
                        request("/streams/clicks/flush")
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        org.awaitility.Awaitility.await().until(() -> desk.flushes() == 1);
        assertThat(answer).isNotDone();

        desk.landed.complete(null);
        assertThat(answer.get().statusCode()).isEqualTo(200);
        assertThat(json(answer.get()).path("flushed").asText()).isEqualTo("clicks");
    }

    @Test
    void a_failed_flush_says_so() throws Exception {
        start(Optional.empty());
        desk.landed.completeExceptionally(new IllegalStateException("stopped"));

        assertThat(post("/streams/clicks/flush").statusCode()).isEqualTo(500);
    }

    @Test
    void with_a_token_only_its_bearer_changes_something() throws Exception {
        start(Optional.of("s3cret"));
        desk.landed.complete(null);

        assertThat(post("/streams/clicks/flush").statusCode()).isEqualTo(403);
        assertThat(post("/streams/clicks/flush", "Authorization", "Bearer wrong").statusCode())
                .isEqualTo(403);
        assertThat(desk.flushes()).isZero();
        assertThat(post("/streams/clicks/flush", "Authorization", "Bearer s3cret").statusCode())
                .isEqualTo(200);
        assertThat(get("/streams/clicks").statusCode()).isEqualTo(200);
    }

    @Test
    void without_a_token_neither_web_pages_nor_proxies_change_anything() throws Exception {
        start(Optional.empty());
        desk.landed.complete(null);

        assertThat(post("/streams/clicks/flush", "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(post("/streams/clicks/flush", "X-Forwarded-For", "192.0.2.1").statusCode())
                .isEqualTo(403);
        assertThat(desk.flushes()).isZero();
    }

    private static final ObjectRecord STUCK =
            new ObjectRecord(
                    5,
                    0,
                    Kind.MAIN,
                    1,
                    "",
                    "aws",
                    new ObjectName("lake", "/in/x-1"),
                    new ObjectAttributes("mark", 3, ""),
                    new StagedBytes("f", 0, 99, 1),
                    1,
                    new SequenceList.Builder().build());

    private HttpResponse<String> divert(String way, String body) throws Exception {
        return HTTP.send(
                request("/streams/clicks/" + way)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_redirect_names_objects_and_a_place_and_tells_what_was_done_with_each() throws Exception {
        start(Optional.empty());
        desk.didWith(
                new Diverted(
                        "main-1",
                        STUCK,
                        new Outcome.Redirected("aws", new ObjectName("b", "in/x-1"))),
                new Diverted("main-1", STUCK, new Outcome.Unchanged("it has landed")));

        HttpResponse<String> answer = divert("redirect", "{\"bucket\":\"lake\",\"to\":\"b\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode objects = json(answer).path("objects");
        assertThat(objects.get(0).path("object").asText()).isEqualTo("aws/lake//in/x-1");
        assertThat(objects.get(0).path("records").asInt()).isEqualTo(3);
        assertThat(objects.get(0).path("outcome").asText()).isEqualTo("redirected");
        assertThat(objects.get(0).path("to").asText()).isEqualTo("aws/b/in/x-1");
        assertThat(objects.get(1).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(objects.get(1).path("reason").asText()).isEqualTo("it has landed");
        assertThat(desk.diversions)
                .containsExactly(
                        new Diversion(
                                new Which.Bucket("lake"),
                                new Way.Redirect("", "b", ""),
                                Looks.MUST_NOT_SEE_IT));
    }

    @ParameterizedTest
    @CsvSource({
        "b, '', b, ''",
        "aws/b, aws, b, ''",
        "aws/b/p/q, aws, b, p/q",
        "lake/p/q, '', lake, p/q",
        "aws, '', aws, ''",
    })
    void a_place_is_a_store_a_bucket_and_a_prefix(
            String to, String store, String bucket, String prefix) throws Exception {
        start(Optional.empty());
        desk.didWith();

        divert("redirect", "{\"object\":\"k\",\"to\":\"" + to + "\",\"notThere\":true}");

        assertThat(desk.diversions)
                .containsExactly(
                        new Diversion(
                                new Which.Key("k"),
                                new Way.Redirect(store, bucket, prefix),
                                Looks.MAY_BE_FORBIDDEN));
    }

    @Test
    void a_skip_asks_before_it_puts_objects_into_the_local_folder() throws Exception {
        start(Optional.empty());
        desk.didWith(
                new Diverted("main-1", STUCK, new Outcome.ToErrorOutput()),
                new Diverted("main-1", STUCK, new Outcome.AsksFirst()));

        HttpResponse<String> answer = divert("skip", "{\"object\":\"k\"}");
        divert("skip", "{\"object\":\"k\",\"localFolder\":true}");

        assertThat(json(answer).path("objects").findValuesAsText("outcome"))
                .containsExactly("errorOutput", "asksFirst");
        assertThat(desk.diversions)
                .extracting(Diversion::way)
                .containsExactly(
                        new Way.Skip(LocalFolder.ASKS_FIRST), new Way.Skip(LocalFolder.ALLOWED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{\"to\":\"b\"}",
                "{\"object\":\"k\",\"bucket\":\"b\",\"to\":\"b\"}",
                "{\"object\":\"k\"}",
                "{\"object\":\"\",\"to\":\"b\"}",
                "{\"object\":5,\"to\":\"b\"}",
                "{\"object\":\"k\",\"to\":\"/b\"}",
                "{\"object\":\"k\",\"to\":\"aws//b\"}",
                "{\"object\":\"k\",\"to\":\"nosuch/b\"}",
                "{\"object\":\"k\",\"to\":\"b\",\"notThere\":\"yes\"}",
                "{\"object\":\"k\",\"to\":\"b\",\"localFolder\":true}",
                "{\"object\":\"k\",\"to\":\"b\",\"prefix\":\"p\"}",
            })
    void a_redirect_that_cannot_be_understood_changes_nothing(String body) throws Exception {
        start(Optional.empty());

        HttpResponse<String> answer = divert("redirect", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").asText()).isNotBlank();
        assertThat(desk.diversions).isEmpty();
    }

    @Test
    void what_cannot_be_led_elsewhere_is_told() throws Exception {
        start(Optional.empty());

        assertThat(divert("redirect", "x".repeat(20_000)).statusCode()).isEqualTo(413);
        HttpResponse<String> noStream =
                HTTP.send(
                        request("/streams/no/skip")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"object\":\"k\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(noStream.statusCode()).isEqualTo(404);
        desk.didWith();
        HttpResponse<String> nothing = divert("skip", "{\"object\":\"k\"}");
        assertThat(nothing.statusCode()).isEqualTo(409);
        assertThat(json(nothing).path("error").asText()).contains("that waits to land");
    }

    @Test
    void a_defect_that_a_redirect_meets_is_answered() throws Exception {
        start(Optional.empty());
        desk.defect = new IllegalStateException("injected");

        HttpResponse<String> answer = divert("redirect", "{\"bucket\":\"lake\",\"to\":\"b\"}");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(json(answer).path("error").asText()).contains("see the log");
    }

    @Test
    void a_lane_that_has_stopped_is_told_beside_what_the_others_did() throws Exception {
        start(Optional.empty());
        desk.diverted.complete(
                DiversionAnswer.of(
                                List.of(new Diverted("main-1", STUCK, new Outcome.ToErrorOutput())))
                        .and(DiversionAnswer.failed("backup-1", "the lane has stopped")));

        HttpResponse<String> answer = divert("skip", "{\"object\":\"k\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("objects").findValuesAsText("outcome"))
                .containsExactly("errorOutput");
        assertThat(json(answer).path("failures").toString())
                .isEqualTo("[{\"lane\":\"backup-1\",\"reason\":\"the lane has stopped\"}]");
    }

    @Test
    void lanes_of_which_none_could_do_it_are_told_with_their_reasons() throws Exception {
        start(Optional.empty());
        desk.diverted.complete(
                DiversionAnswer.failed("main-1", "it could not be written")
                        .and(DiversionAnswer.failed("backup-1", "the lane has stopped")));

        HttpResponse<String> answer = divert("skip", "{\"object\":\"k\"}");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(json(answer).path("error").asText())
                .isEqualTo("backup-1: the lane has stopped; main-1: it could not be written");
    }

    @Test
    void a_stream_that_cannot_write_it_down_answers_409() throws Exception {
        start(Optional.empty());
        desk.diverted.completeExceptionally(new IllegalStateException("it could not be written"));

        HttpResponse<String> answer = divert("skip", "{\"object\":\"k\"}");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("it could not be written");
    }

    @Test
    void with_a_token_nobody_else_leads_objects_elsewhere() throws Exception {
        start(Optional.of("s3cret"));

        assertThat(divert("skip", "{\"object\":\"k\"}").statusCode()).isEqualTo(403);
        assertThat(divert("redirect", "{\"object\":\"k\",\"to\":\"b\"}").statusCode())
                .isEqualTo(403);
        assertThat(desk.diversions).isEmpty();
    }

    /** DNS rebinding: a page's own name was made to lead to this port, and the browser tells it. */
    @Test
    void a_name_that_anybody_could_register_is_answered_421_and_shown_nothing() throws Exception {
        start(Optional.empty());

        for (String host : List.of("evil.example", "evil.example:4574", "127.0.0.1.evil.example")) {
            assertThat(raw("GET /streams HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 421 ")
                    .contains("server.adminNames lists, not by " + host)
                    .doesNotContain("clicks");
            assertThat(
                            raw(
                                    "POST /streams/clicks/flush HTTP/1.1\r\nHost: "
                                            + host
                                            + "\r\nContent-Length: 0\r\n\r\n"))
                    .startsWith("HTTP/1.1 421 ");
        }
        assertThat(desk.flushes()).isZero();
    }

    @Test
    void addresses_local_names_and_listed_names_are_answered() throws Exception {
        start(Optional.empty());

        for (String host :
                List.of(
                        "127.0.0.1",
                        "localhost:4574",
                        "[::1]:4574",
                        "10.0.0.7:4574",
                        "delivery:4574",
                        "delivery.default.svc.cluster.local",
                        "delivery.example.com")) {
            assertThat(raw("GET /health/live HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                    .as(host)
                    .startsWith("HTTP/1.1 200 ");
        }
        // Load balancers speak HTTP/1.0; browsers never leave the Host out.
        assertThat(raw("GET /health/live HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void what_is_no_request_is_answered_in_json_as_well() throws Exception {
        start(Optional.empty());

        for (String broken :
                List.of(
                        "rubbish\r\n\r\n",
                        "GET / HTTP/3.0\r\nHost: x\r\n\r\n",
                        "GET /.. HTTP/1.1\r\nHost: x\r\n\r\n",
                        "GET / HTTP/1.1\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(9_000) + "\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n\r\n")) {
            assertThat(raw(broken))
                    .as(broken)
                    .containsPattern("^HTTP/1\\.1 [45]\\d\\d ")
                    .contains("Content-Type: application/json")
                    .contains("\"error\" : \"")
                    .doesNotContain("<html", "Jetty");
        }
        assertThat(raw("GET http://x HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 404 ");
        assertThat(raw("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 405 ");
    }

    /** Jetty knows values of headers by heart, without regard to their case. */
    @Test
    void the_token_of_an_earlier_request_does_not_stand_in_for_another_spelling() throws Exception {
        start(Optional.of("s3cReT"));
        desk.landed.complete(null);
        String flush =
                "POST /streams/clicks/flush HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
                        + "Authorization: Bearer %s\r\n\r\n";

        try (RawHttp connection = RawHttp.to(server.uri())) {
            assertThat(connection.send(flush.formatted("s3cReT")).answer())
                    .startsWith("HTTP/1.1 200 ");
            assertThat(connection.send(flush.formatted("S3CRET")).answer())
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void a_head_that_drips_is_cut_off() throws Exception {
        start(Optional.empty(), Duration.ofMillis(300));

        try (RawHttp head = RawHttp.to(server.uri());
                RawHttp lineBreaks = RawHttp.to(server.uri())) {
            head.send("GET / HTTP/1.1\r\nHost: ");
            org.awaitility.Awaitility.await()
                    .until(
                            () -> {
                                try {
                                    lineBreaks.send("\r\n");
                                    return false;
                                } catch (IOException ended) {
                                    return true;
                                }
                            });
            assertThat(head.isEnded()).isTrue();
        }
    }

    private String raw(String request) throws IOException {
        try (RawHttp connection = RawHttp.to(server.uri())) {
            return connection.send(request).answer();
        }
    }

    // --- another configuration ---

    private HttpResponse<String> compare(String path, String text, String... headers)
            throws Exception {
        HttpRequest.Builder post = request(path).POST(HttpRequest.BodyPublishers.ofString(text));
        if (headers.length > 0) {
            post.headers(headers);
        }
        return HTTP.send(post.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void what_another_configuration_changes_is_told_by_its_name() throws Exception {
        List<String> asked = new ArrayList<>();
        comparing =
                (name, text) -> {
                    asked.add(name + ": " + text);
                    return Optional.of(
                            CompletableFuture.completedFuture(
                                    new ConfigComparison(
                                            List.of(
                                                    new ConfigChange(
                                                            ConfigChange.Part.STREAM,
                                                            "clicks",
                                                            ConfigChange.Kind.NEW_LANE)),
                                            List.of("no room"))));
                };
        start(Optional.empty());

        HttpResponse<String> answer = compare("/configuration/diff?name=a%20b.yaml", "text");
        compare("/configuration/diff", "other");
        compare("/configuration/diff?name=%C3%A4%00%1B.yaml", "third");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).at("/changes/0/part").asText()).isEqualTo("stream");
        assertThat(json(answer).at("/changes/0/name").asText()).isEqualTo("clicks");
        assertThat(json(answer).at("/changes/0/change").asText()).isEqualTo("newLane");
        assertThat(json(answer).at("/refusals/0").asText()).isEqualTo("no room");
        assertThat(asked.subList(0, 2))
                .containsExactly("a b.yaml: text", "the configuration: other");
        assertThat(asked.get(2)).matches("[ -~]+\\.yaml: third");
    }

    @Test
    void whoever_may_change_nothing_is_told_nothing_of_another_configuration() throws Exception {
        comparing =
                (name, text) -> {
                    throw new AssertionError("it is asked");
                };
        start(Optional.of("t0ken"));

        assertThat(compare("/configuration/diff", "text").statusCode()).isEqualTo(403);
        assertThat(
                        compare("/configuration/diff", "text", "Authorization", "Bearer no")
                                .statusCode())
                .isEqualTo(403);
    }

    @Test
    void a_service_without_a_file_and_a_text_that_is_too_long_are_told() throws Exception {
        start(Optional.empty());

        assertThat(compare("/configuration/diff", "text").statusCode()).isEqualTo(409);
        assertThat(compare("/configuration/diff", "x".repeat((16 << 20) + 1)).statusCode())
                .isEqualTo(413);
    }

    @Test
    void one_configuration_is_compared_at_a_time_and_a_defect_lets_the_next_one_in()
            throws Exception {
        CompletableFuture<ConfigComparison> slow = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        comparing =
                (name, text) -> {
                    asked.complete(null);
                    return Optional.of(slow);
                };
        start(Optional.empty());

        CompletableFuture<HttpResponse<String>> first =
                HTTP.sendAsync(
                        request("/configuration/diff")
                                .POST(HttpRequest.BodyPublishers.ofString("text"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        asked.get(60, TimeUnit.SECONDS);
        assertThat(compare("/configuration/diff", "text").statusCode()).isEqualTo(503);

        slow.completeExceptionally(new IllegalStateException("a defect"));
        assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
        comparing =
                (name, text) ->
                        Optional.of(
                                CompletableFuture.completedFuture(
                                        new ConfigComparison(List.of(), List.of())));
        assertThat(compare("/configuration/diff", "text").statusCode()).isEqualTo(200);
    }

    @Test
    void settings_do_not_print_the_token() throws Exception {
        start(Optional.empty());

        assertThat(new AdminSettings("127.0.0.1", 1, Optional.of("s3cret")).toString())
                .doesNotContain("s3cret");
    }

    private void start(Optional<String> token) throws IOException {
        start(token, AdminSettings.DEFAULT_HEAD_TIMEOUT);
    }

    private void start(Optional<String> token, Duration headTimeout) throws IOException {
        server =
                new AdminServer(
                        new AdminSettings(
                                "127.0.0.1",
                                0,
                                token,
                                List.of("delivery.example.com"),
                                headTimeout,
                                Optional.empty()),
                        new Probes(
                                () -> Health.GOOD,
                                () -> ready,
                                out -> out.write("delivery_x 1\n".getBytes(StandardCharsets.UTF_8)),
                                (name, text) ->
                                        comparing.apply(
                                                name, new String(text, StandardCharsets.UTF_8))),
                        desk);
        server.start();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String... headers) throws Exception {
        HttpRequest.Builder post = request(path).POST(HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            post.headers(headers);
        }
        return HTTP.send(post.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.uri().resolve(path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofMinutes(2));
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return new ObjectMapper().readTree(response.body());
    }

    /** One stream, which lands when the test says so. */
    private static final class Desk implements StreamDesk {
        private final CompletableFuture<Void> landed = new CompletableFuture<>();
        private final List<String> flushed = new ArrayList<>();
        private final List<Diversion> diversions = new ArrayList<>();
        private final CompletableFuture<DiversionAnswer> diverted = new CompletableFuture<>();
        private volatile RuntimeException defect;

        void didWith(Diverted... objects) {
            diverted.complete(DiversionAnswer.of(List.of(objects)));
        }

        @Override
        public List<StreamStatus> all() {
            return List.of(status("clicks").orElseThrow());
        }

        @Override
        public Optional<StreamStatus> status(String stream) {
            return stream.equals("clicks")
                    ? Optional.of(
                            new StreamStatus(
                                    "clicks",
                                    3,
                                    Origin.YAML,
                                    StreamPhase.ACTIVE,
                                    FakeStream.INCARNATION.hex(),
                                    1_700_000_000_123L,
                                    Optional.of(EncryptionState.ENABLING),
                                    1,
                                    2,
                                    List.of(
                                            new LaneStatus(
                                                    "main-1",
                                                    new Books(10, 0, 5, 1, 0, 0, 0, 4),
                                                    1,
                                                    2,
                                                    3,
                                                    4,
                                                    5,
                                                    6,
                                                    0)),
                                    "",
                                    List.of("the store is away")))
                    : Optional.empty();
        }

        @Override
        public synchronized Optional<CompletionStage<Void>> flush(String stream) {
            if (!stream.equals("clicks")) {
                return Optional.empty();
            }
            flushed.add(stream);
            return Optional.of(landed);
        }

        @Override
        public synchronized Optional<CompletionStage<DiversionAnswer>> divert(
                String stream, Diversion diversion) {
            if (!stream.equals("clicks")) {
                return Optional.empty();
            }
            if (defect != null) {
                throw defect;
            }
            diversions.add(diversion);
            return Optional.of(diverted);
        }

        @Override
        public Optional<UsedFunction> function(String stream) {
            return Optional.of(
                    new UsedFunction(
                            "enrich",
                            new FunctionStatus(
                                    4, 3, 2, Optional.of("it ends at once"), Optional.of("boom"))));
        }

        @Override
        public Optional<UnknownFieldTally> unknownFields(String stream) {
            return Optional.of(
                    new UnknownFieldTally(
                            List.of(
                                    new UnknownFieldTally.Field("items[].sku", 12),
                                    new UnknownFieldTally.Field("x", 3)),
                            5));
        }

        @Override
        public ServiceState service() {
            return new ServiceState(List.of("server.tls: old"), List.of("for tests only"));
        }

        @Override
        public boolean hasStore(String name) {
            return name.equals("aws");
        }

        @Override
        public boolean usesBucket(String bucket) {
            return bucket.equals("lake");
        }

        synchronized int flushes() {
            return flushed.size();
        }
    }
}
