package io.delivery.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.FakeStream;
import io.delivery.api.TestClock;
import io.delivery.api.http.ApiServer;
import io.delivery.api.http.ApiSettings;
import io.delivery.api.signing.Credential;
import io.delivery.api.signing.RequestSigner;
import io.delivery.api.signing.SignatureVerifier;
import io.delivery.api.signing.TestSignatures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadRequestTableTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String ACCOUNT = "000000000000";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static FakeStream clicks;
    private static ApiServer server;

    @BeforeAll
    static void start() throws IOException {
        TestClock clock = TestClock.at(NOW.toString());
        clicks = new FakeStream("clicks");
        server =
                new ApiServer(
                        new ApiSettings("127.0.0.1", 0, Optional.empty(), "us-east-1", ACCOUNT),
                        FakeStream.among(clicks),
                        new SignatureVerifier(
                                List.of(new Credential("known", "secret")),
                                "us-east-1",
                                ACCOUNT,
                                clock),
                        clock);
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<BadRequestTable.Row> rows() {
        return BadRequestTable.ROWS.stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void bad_input_gets_the_answer_that_the_table_says(BadRequestTable.Row row) throws Exception {
        int acceptedBefore = clicks.calls().size();

        HttpResponse<String> response = send(row.sent());

        JsonNode answer = new ObjectMapper().readTree(response.body());
        assertThat(answer.path("__type").asText("")).isEqualTo(row.code());
        assertThat(answer.path("message").asText("")).isEqualTo(row.message());
        assertThat(response.statusCode()).isEqualTo(row.status());
        assertThat(response.headers().firstValue("x-amzn-RequestId")).isPresent();
        assertThat(response.headers().firstValue("Date")).isPresent();
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/x-amz-json-1.1");
        assertThat(clicks.calls().size() - acceptedBefore)
                .isEqualTo(row.noticed().equals(BadRequestTable.ACCEPTED) ? 1 : 0);
    }

    private static HttpResponse<String> send(BadRequestTable.Sent sent) throws Exception {
        URI uri = server.uri().resolve("/");
        Map<String, String> headers = new TreeMap<>();
        headers.put("content-type", "application/x-amz-json-1.1");
        headers.put("x-amz-target", sent.target());
        headers.putAll(signature(sent, uri, headers));
        byte[] body =
                sent.signature() == BadRequestTable.Signature.BODY_CHANGED
                        ? "{}".getBytes(StandardCharsets.UTF_8)
                        : sent.body();
        HttpRequest.Builder post =
                HttpRequest.newBuilder(uri)
                        .version(HttpClient.Version.HTTP_1_1)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(post::header);
        return HTTP.send(post.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Map<String, String> signature(
            BadRequestTable.Sent sent, URI uri, Map<String, String> headers) {
        Map<String, String> signed = Map.copyOf(headers);
        return switch (sent.signature()) {
            case RIGHT, BODY_CHANGED ->
                    new RequestSigner("known", "secret", "us-east-1")
                            .sign(uri, signed, sent.body(), NOW);
            case NONE -> Map.of();
            case WRONG_SECRET ->
                    new RequestSigner("known", "guess", "us-east-1")
                            .sign(uri, signed, sent.body(), NOW);
            case UNKNOWN_KEY ->
                    new RequestSigner("stranger", "secret", "us-east-1")
                            .sign(uri, signed, sent.body(), NOW);
            case SLOW_CLOCK ->
                    new RequestSigner("known", "secret", "us-east-1")
                            .sign(uri, signed, sent.body(), NOW.minusSeconds(360));
            case FAST_CLOCK ->
                    new RequestSigner("known", "secret", "us-east-1")
                            .sign(uri, signed, sent.body(), NOW.plusSeconds(360));
            case OTHER_REGION ->
                    new RequestSigner("known", "secret", "eu-west-1")
                            .sign(uri, signed, sent.body(), NOW);
            case NO_HASH_HEADER ->
                    TestSignatures.withoutHashHeader(
                            "known", "secret", uri, signed, sent.body(), NOW);
        };
    }
}
