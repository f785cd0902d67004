package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.FakeStream;
import io.delivery.api.TestClock;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.api.signing.SignatureVerifier;
import io.delivery.api.signing.TestSignatures;
import io.delivery.metrics.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a browser asks and needs when a page calls the API with an SDK. */
@Timeout(60)
class CrossOriginTest {
    private static final String PAGE = "https://app.example.com";
    private static final String BODY =
            "{\"DeliveryStreamName\":\"clicks\",\"Record\":{\"Data\":\"QQ==\"}}";

    /** As the SDK for JavaScript 3 makes a browser ask. */
    private static final String ASKED =
            "amz-sdk-invocation-id,amz-sdk-request,authorization,content-type,"
                    + "x-amz-content-sha256,x-amz-date,x-amz-security-token,x-amz-target,x-amz-user-agent";

    private final FakeStream clicks = new FakeStream("clicks");
    private ApiServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_preflight_of_a_listed_page_permits_the_call_and_its_headers() throws IOException {
        start(List.of(PAGE, "http://localhost:8080"));

        String answer = preflight(PAGE);

        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .contains("Access-Control-Allow-Origin: " + PAGE + "\r\n")
                .contains("Access-Control-Allow-Methods: POST\r\n")
                .contains("Access-Control-Allow-Headers: " + ASKED + "\r\n")
                .contains("Access-Control-Max-Age: 7200\r\n")
                .contains("Vary: Origin\r\n");
    }

    @Test
    void answers_and_errors_alike_may_be_read_by_a_listed_page() throws IOException {
        start(List.of(PAGE));

        String accepted = answerTo(call(PAGE).signedBy("known", "secret"));
        String refused = answerTo(call(PAGE).signedBy("known", "wrong"));
        String elsewhere =
                answerTo(call(PAGE).sentTo("/prod", "/prod", "").signedBy("known", "secret"));

        assertThat(accepted).startsWith("HTTP/1.1 200 ");
        assertThat(refused).startsWith("HTTP/1.1 403 ");
        assertThat(elsewhere).startsWith("HTTP/1.1 404 ");
        assertThat(List.of(accepted, refused, elsewhere))
                .allSatisfy(
                        answer ->
                                assertThat(answer)
                                        .contains("Access-Control-Allow-Origin: " + PAGE + "\r\n")
                                        .contains(
                                                "Access-Control-Expose-Headers: x-amzn-RequestId, x-amz-id-2, x-amzn-ErrorType, x-amzn-ErrorMessage, Date\r\n")
                                        .contains("Vary: Origin\r\n"));
    }

    @Test
    void a_page_that_is_not_listed_gets_nothing_it_may_read() throws IOException {
        start(List.of(PAGE));

        for (String origin :
                List.of(
                        "https://evil.example",
                        "null",
                        PAGE + ".evil.example",
                        "http://app.example.com")) {
            assertThat(preflight(origin))
                    .startsWith("HTTP/1.1 403 ")
                    .doesNotContain("Access-Control-Allow-");
            assertThat(answerTo(call(origin).signedBy("known", "secret")))
                    .doesNotContain("Access-Control-Allow-Origin")
                    .contains("Vary: Origin\r\n");
        }
    }

    @Test
    void a_star_stands_for_every_page() throws IOException {
        start(List.of("*"));

        assertThat(preflight("https://any.example"))
                .startsWith("HTTP/1.1 200 ")
                .contains("Access-Control-Allow-Origin: *\r\n");
        assertThat(answerTo(call("null").signedBy("known", "secret")))
                .startsWith("HTTP/1.1 200 ")
                .contains("Access-Control-Allow-Origin: *\r\n");
    }

    @Test
    void it_is_off_unless_it_is_configured() throws IOException {
        start(List.of());

        assertThat(preflight(PAGE))
                .startsWith("HTTP/1.1 403 ")
                .contains("server.cors lists none")
                .doesNotContain("Access-Control-");
        assertThat(answerTo(call(PAGE).signedBy("known", "secret")))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("Access-Control-")
                .doesNotContain("Vary");
    }

    @Test
    void names_of_headers_are_given_back_only_if_they_are_names() throws IOException {
        start(List.of(PAGE));

        String answer =
                answerTo(
                        "OPTIONS / HTTP/1.1\r\nHost: x\r\nOrigin: "
                                + PAGE
                                + "\r\nAccess-Control-Request-Method: POST\r\n"
                                + "Access-Control-Request-Headers: a;b<script>\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain("script");
    }

    /** DNS rebinding: a page's own name was made to lead to this machine. */
    @Test
    void where_nobody_signs_a_name_that_anybody_could_register_is_refused() throws IOException {
        start(List.of(), RequestVerifier.UNCHECKED);
        String call =
                "POST / HTTP/1.1\r\nHost: %s\r\nX-Amz-Target: Firehose_20150804.PutRecord\r\nContent-Length: "
                        + BODY.length()
                        + "\r\n\r\n"
                        + BODY;

        assertThat(answerTo(call.formatted("evil.example:4573")))
                .startsWith("HTTP/1.1 403 ")
                .contains("this Host is not: evil.example:4573");
        assertThat(clicks.calls()).isEmpty();
        assertThat(answerTo(call.formatted("localhost:4573"))).startsWith("HTTP/1.1 200 ");
    }

    private String preflight(String origin) throws IOException {
        return answerTo(
                "OPTIONS / HTTP/1.1\r\nHost: delivery.example.com\r\nOrigin: "
                        + origin
                        + "\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: "
                        + ASKED
                        + "\r\n\r\n");
    }

    private static WireSignature call(String origin) {
        return WireSignature.post(BODY)
                .with("Host", "delivery.example.com")
                .with("X-Amz-Target", "Firehose_20150804.PutRecord")
                .with("Origin", origin);
    }

    private String answerTo(String request) throws IOException {
        try (RawHttp connection = RawHttp.to(server.uri())) {
            return connection.send(request).answer();
        }
    }

    private void start(List<String> origins) throws IOException {
        start(
                origins,
                new SignatureVerifier(
                        List.of(TestSignatures.caller("known", "secret")),
                        "us-east-1",
                        "000000000000",
                        TestClock.real()));
    }

    private void start(List<String> origins, RequestVerifier verifier) throws IOException {
        server =
                new ApiServer(
                        new ApiSettings(
                                "127.0.0.1",
                                0,
                                Optional.empty(),
                                "us-east-1",
                                "000000000000",
                                ApiSettings.DEFAULT_MAX_BODY_BYTES,
                                ApiSettings.DEFAULT_MEMORY_BYTES,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(10),
                                1024,
                                100,
                                ApiSettings.DEFAULT_IDLE,
                                origins),
                        FakeStream.among(clicks),
                        verifier,
                        TestClock.real(),
                        Metrics.NONE);
        server.start();
    }
}
