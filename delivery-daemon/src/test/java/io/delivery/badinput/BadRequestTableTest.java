package io.delivery.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.signing.RequestSigner;
import io.delivery.api.signing.TestSignatures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadRequestTableTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String A_TIME = "[0-9]{8}T[0-9]{6}Z";

    @TempDir static Path folder;
    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        service =
                RunningService.start(
                        folder,
                        """
                        stores: {local: {directory: lake}}
                        streams: {clicks: {destination: {bucket: events, prefix: clicks/}}}
                        """);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    static Stream<BadRequestTable.Row> rows() {
        return BadRequestTable.ROWS.stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void bad_input_gets_the_answer_that_the_table_says(BadRequestTable.Row row) throws Exception {
        long acceptedBefore = service.books("clicks").accepted();

        HttpResponse<String> response = send(row.sent());

        JsonNode answer = new ObjectMapper().readTree(response.body());
        assertThat(answer.path("__type").asText("")).isEqualTo(row.code());
        assertThat(timeless(answer.path("message").asText(""))).isEqualTo(timeless(row.message()));
        assertThat(response.statusCode()).isEqualTo(row.status());
        assertThat(response.headers().firstValue("x-amzn-RequestId")).isPresent();
        assertThat(response.headers().firstValue("Date")).isPresent();
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/x-amz-json-1.1");
        service.flush("clicks");
        assertThat(service.books("clicks").accepted() - acceptedBefore)
                .isEqualTo(row.noticed().equals(BadInput.ACCEPTED) ? 1 : 0);
        assertThat(service.books("clicks").balanced()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("mixedCalls")
    void the_records_of_one_call_are_refused_together(String badRecord) throws Exception {
        long acceptedBefore = service.books("clicks").accepted();
        String call =
                "{'DeliveryStreamName':'clicks','Records':[{'Data':'YQ=='},%s,{'Data':'Yg=='}]}"
                        .formatted(badRecord)
                        .replace('\'', '"');

        HttpResponse<String> response =
                send(
                        new BadRequestTable.Sent(
                                "Firehose_20150804.PutRecordBatch",
                                BadRequestTable.Signature.RIGHT,
                                call.getBytes(StandardCharsets.UTF_8)));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).doesNotContain("RecordId");
        service.flush("clicks");
        assertThat(service.books("clicks").accepted()).isEqualTo(acceptedBefore);
    }

    static Stream<String> mixedCalls() {
        return Stream.of(
                "{'Data':'" + "A".repeat(1_400_000) + "'}", "{'Data':'a b'}", "{'Data':1}", "{}");
    }

    private static String timeless(String message) {
        return message.replaceAll(A_TIME, "a time");
    }

    private static HttpResponse<String> send(BadRequestTable.Sent sent) throws Exception {
        URI uri = service.apiUri().resolve("/");
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
                        .timeout(Duration.ofSeconds(20))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(post::header);
        return answer(post.build());
    }

    /**
     * A client that still sends when the rest of its body is refused may find the connection closed
     * instead of the answer; so it asks again, as SDKs do.
     */
    private static HttpResponse<String> answer(HttpRequest request) throws Exception {
        IOException closed = new IOException("not tried");
        for (int attempt = 0; attempt < 10; attempt++) {
            try {
                return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            } catch (HttpTimeoutException silent) {
                throw silent;
            } catch (IOException noAnswer) {
                closed = noAnswer;
            }
        }
        throw closed;
    }

    private static Map<String, String> signature(
            BadRequestTable.Sent sent, URI uri, Map<String, String> headers) {
        Map<String, String> signed = Map.copyOf(headers);
        Instant now = Instant.now();
        return switch (sent.signature()) {
            case RIGHT, BODY_CHANGED -> signer("known").sign(uri, signed, sent.body(), now);
            case NONE -> Map.of();
            case WRONG_SECRET ->
                    new RequestSigner("known", "guess", RunningService.REGION)
                            .sign(uri, signed, sent.body(), now);
            case UNKNOWN_KEY -> signer("stranger").sign(uri, signed, sent.body(), now);
            case STRAY_TOKEN ->
                    new RequestSigner(
                                    "known",
                                    RunningService.SECRET,
                                    Optional.of("token"),
                                    RunningService.REGION)
                            .sign(uri, signed, sent.body(), now);
            case SLOW_CLOCK ->
                    signer("known").sign(uri, signed, sent.body(), now.minusSeconds(360));
            case FAST_CLOCK -> signer("known").sign(uri, signed, sent.body(), now.plusSeconds(360));
            case OTHER_REGION ->
                    new RequestSigner("known", RunningService.SECRET, "eu-west-1")
                            .sign(uri, signed, sent.body(), now);
            case NO_HASH_HEADER ->
                    TestSignatures.withoutHashHeader(
                            "known", RunningService.SECRET, uri, signed, sent.body(), now);
        };
    }

    private static RequestSigner signer(String accessKey) {
        return new RequestSigner(accessKey, RunningService.SECRET, RunningService.REGION);
    }
}
