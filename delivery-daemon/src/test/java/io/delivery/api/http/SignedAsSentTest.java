package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.FakeStream;
import io.delivery.api.TestClock;
import io.delivery.api.signing.SignatureVerifier;
import io.delivery.api.signing.TestSignatures;
import io.delivery.metrics.Metrics;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A signature is about the bytes that were sent, however the HTTP server would spell them. */
@Timeout(60)
class SignedAsSentTest {
    private static final String BODY =
            "{\"DeliveryStreamName\":\"clicks\",\"Record\":{\"Data\":\"QQ==\"}}";

    private final FakeStream clicks = new FakeStream("clicks");
    private ApiServer server;

    @BeforeEach
    void start() throws IOException {
        server =
                new ApiServer(
                        new ApiSettings(
                                "127.0.0.1", 0, Optional.empty(), "us-east-1", "000000000000"),
                        FakeStream.among(clicks),
                        new SignatureVerifier(
                                List.of(TestSignatures.caller("known", "secret")),
                                "us-east-1",
                                "000000000000",
                                TestClock.real()),
                        TestClock.real(),
                        Metrics.NONE);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Content-Type|application/json; charset=utf-8",
                "Content-Type|application/json;charset=UTF-8",
                "Content-Type|Application/X-Amz-JSON-1.1",
                "Accept-Encoding|GZIP",
                "Accept-Encoding|gzip, Deflate, BR",
                "Cache-Control|No-Cache",
                "Connection|Keep-Alive",
                "User-Agent|aws-sdk  \t  js",
                "X-Tabs|a\tb\t\tc",
                "X-Blanks|   a   \"b   c\"   ",
                "X-Empty|",
                "X-Latin|\u00e9\u00fc\u00ff",
                "X-Utf-8|\u00c3\u00a9",
                "x-AMZ-meta-ODD|Value"
            })
    void a_header_is_signed_as_it_is_spelt(String name, String value) throws IOException {
        String answer = answerTo(request().with(name, value == null ? "" : value));

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(clicks.texts()).containsExactly("A");
    }

    /** Also when the same connection has brought the value in another spelling before. */
    @Test
    void no_value_that_the_server_knows_by_heart_replaces_the_one_that_was_sent()
            throws IOException {
        Set<String> frames = Set.of("host", "content-length", "transfer-encoding", "connection");
        List<HttpField> known =
                HttpParser.CACHE.keySet().stream()
                        .map(HttpParser.CACHE::get)
                        .filter(f -> !frames.contains(f.getLowerCaseName()))
                        .filter(f -> f.getValue().chars().allMatch(c -> c > 31 && c < 127))
                        .collect(Collectors.toList());
        known.add(new HttpField("User-Agent", "aws-sdk-js/3.0 lang/js"));

        assertThat(known).hasSizeGreaterThan(20);
        for (HttpField field : known) {
            try (RawHttp connection = RawHttp.to(server.uri())) {
                for (String spelling :
                        List.of(
                                field.getValue(),
                                field.getValue().toUpperCase(Locale.ROOT),
                                field.getValue().toLowerCase(Locale.ROOT))) {
                    connection.send(
                            request().with(field.getName(), spelling).signedBy("known", "secret"));

                    // What is right may still be refused for its Content-Type, as 400.
                    assertThat(connection.answer())
                            .as(field + " as " + spelling)
                            .doesNotStartWith("HTTP/1.1 403 ");
                }
            }
        }
    }

    @Test
    void values_that_are_repeated_are_signed_in_their_order() throws IOException {
        String answer =
                answerTo(request().with("X-More", "b").with("x-more", " a ").with("X-MORE", "b"));

        assertThat(answer).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @CsvSource({
        "//, /, ''",
        "//, //, ''",
        "///, /, ''",
        "/./, /, ''",
        "/x/.., /, ''",
        "/?b=2&a=1, /, a=1&b=2",
        "/?a=2&a=1, /, a=1&a=2",
        "/?a-b=1&a=2, /, a=2&a-b=1",
        "/?a1=1&a=2, /, a=2&a1=1",
        "/?flag, /, flag=",
        "/?x=%2F%20, /, x=%2F%20"
    })
    void a_path_and_a_query_are_signed_as_sdks_do(String target, String path, String query)
            throws IOException {
        String answer = answerTo(request().sentTo(target, path, query));

        assertThat(answer).startsWith("HTTP/1.1 200 ");
    }

    /** As it is sent to a proxy. */
    @Test
    void a_request_may_name_the_server_in_its_first_line() throws IOException {
        for (String path : List.of("", "/")) {
            String answer = answerTo(request().sentTo(server.uri() + path, "/", ""));

            assertThat(answer).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"//x", "/prod/", "/x/%2e", "/%2F", "/x;y", "/a//b"})
    void another_path_is_told_by_its_name(String target) throws IOException {
        String answer = answerTo(request().sentTo(target, target, ""));

        assertThat(answer)
                .startsWith("HTTP/1.1 404 ")
                .contains("The API answers POST / only, not POST " + target + ".");
        assertThat(clicks.calls()).isEmpty();
    }

    @Test
    void any_other_spelling_than_the_signed_one_is_refused() throws IOException {
        String signed =
                request()
                        .with("Accept-Encoding", "GZIP")
                        .with("X-More", "a b")
                        .signedBy("known", "secret");

        for (String changed :
                List.of(
                        signed.replace("GZIP", "gzip"),
                        signed.replace("a b", "a B"),
                        signed.replace("a b", "ab"),
                        signed.replace("POST / ", "POST /?a=b "),
                        signed.replace("QQ==", "Qg=="))) {
            try (RawHttp connection = RawHttp.to(server.uri())) {
                assertThat(connection.send(changed).answer())
                        .as(changed)
                        .startsWith("HTTP/1.1 403 ")
                        .contains("InvalidSignatureException");
            }
        }
        assertThat(clicks.calls()).isEmpty();
    }

    private WireSignature request() {
        return WireSignature.post(BODY)
                .with("Host", "127.0.0.1:" + server.uri().getPort())
                .with("X-Amz-Target", "Firehose_20150804.PutRecord");
    }

    private String answerTo(WireSignature request) throws IOException {
        try (RawHttp connection = RawHttp.to(server.uri())) {
            return connection.send(request.signedBy("known", "secret")).answer();
        }
    }
}
