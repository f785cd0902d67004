package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.StoreDefinition.Acl;
import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.config.StoreDefinition.Encryption;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.record.ObjectName;
import io.delivery.s3.S3Settings.Credentials;
import io.delivery.s3.direct.DirectPuts;
import io.delivery.testkit.SampleContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Requests that are made without the SDK are those that the SDK makes for the same object: the
 * first one of a connection is the SDK's.
 */
class PreparedPutTest {
    private static final SampleContent CONTENT = SampleContent.of("hello");

    private static final String SESSION =
            "<CreateSessionResult><Credentials><AccessKeyId>a</AccessKeyId>"
                    + "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
                    + "<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>"
                    + "</CreateSessionResult>";

    /** Takes every object, gives sessions, and keeps what it was asked. */
    private static final class Recorder implements SdkHttpClient {
        private final List<HttpExecuteRequest> requests = new ArrayList<>();

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            requests.add(request);
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() {
                    boolean session = request.httpRequest().method() == SdkHttpMethod.GET;
                    byte[] body = (session ? SESSION : "").getBytes(StandardCharsets.UTF_8);
                    return HttpExecuteResponse.builder()
                            .response(
                                    SdkHttpResponse.builder()
                                            .statusCode(200)
                                            .putHeader("ETag", "\"e\"")
                                            .putHeader(
                                                    "Content-Length", Integer.toString(body.length))
                                            .build())
                            .responseBody(
                                    AbortableInputStream.create(new ByteArrayInputStream(body)))
                            .build();
                }

                @Override
                public void abort() {}
            };
        }

        @Override
        public void close() {}

        HttpExecuteRequest last() {
            return requests.get(requests.size() - 1);
        }
    }

    /** A request without what is another one each time: the time, an id, and so the signature. */
    private record Seen(
            SdkHttpMethod method,
            String uri,
            Map<String, List<String>> headers,
            String authorization,
            String body) {
        static Seen of(HttpExecuteRequest request) throws IOException {
            Map<String, List<String>> headers = new TreeMap<>(request.httpRequest().headers());
            String authorization =
                    headers.remove("Authorization")
                            .get(0)
                            .replaceAll("Signature=\\w+", "")
                            .replaceAll("/\\d{8}/", "/day/");
            assertThat(headers.remove("X-Amz-Date")).isNotNull();
            headers.computeIfPresent("amz-sdk-invocation-id", (name, id) -> List.of("id"));
            String body;
            try (InputStream sent = request.contentStreamProvider().orElseThrow().newStream()) {
                body = new String(sent.readAllBytes(), StandardCharsets.ISO_8859_1);
            }
            return new Seen(
                    request.httpRequest().method(),
                    request.httpRequest().getUri().toString(),
                    headers,
                    authorization,
                    body.replaceAll("chunk-signature=\\w+", "chunk-signature"));
        }
    }

    private static S3Upload upload(String key, SampleContent content, String encoding) {
        return upload("lake", key, content, encoding);
    }

    private static S3Upload upload(
            String bucket, String key, SampleContent content, String encoding) {
        return new S3Upload(
                content,
                new ObjectName(bucket, key),
                new ObjectAttributes("0a/main/0/0/5a", 36, encoding),
                UploadListener.IGNORE);
    }

    private static Seen bySdk(S3Settings settings, S3Upload upload) throws IOException {
        Recorder recorder = new Recorder();
        try (S3Connection connection = new S3Connection(settings, recorder)) {
            assertThat(new S3Puts(connection, settings).put(upload, true))
                    .isInstanceOf(Landing.Landed.class);
            return Seen.of(recorder.last());
        }
    }

    /** Behind a request of the SDK for another object. */
    private static Seen directly(S3Settings settings, S3Upload first, S3Upload upload)
            throws IOException {
        Recorder recorder = new Recorder();
        try (S3Connection connection = new S3Connection(settings, recorder)) {
            S3Puts puts = new S3Puts(connection, settings);
            puts.put(first, true);
            assertThat(connection.direct().send(puts.of(upload, true))).isPresent();
            assertThat(recorder.requests).hasSize(2);
            return Seen.of(recorder.last());
        }
    }

    private static void isTheSame(S3Settings settings, S3Upload upload) throws IOException {
        S3Upload first = upload("other/key-1.gz", SampleContent.of("else"), "gzip");

        assertThat(directly(settings, first, upload)).isEqualTo(bySdk(settings, upload));
    }

    // ------------------------------------------------------------------ settings

    private static S3Settings settings(
            String endpoint,
            boolean pathStyle,
            Checksums checksums,
            boolean chunks,
            boolean signed) {
        return settings(
                endpoint,
                pathStyle,
                checksums,
                chunks,
                signed,
                Optional.empty(),
                Acl.NONE,
                new Encryption.None());
    }

    private static S3Settings settings(
            String endpoint,
            boolean pathStyle,
            Checksums checksums,
            boolean chunks,
            boolean signed,
            Optional<String> token,
            Acl acl,
            Encryption encryption) {
        S3Settings defaults = S3Settings.DEFAULTS;
        return new S3Settings(
                Optional.of(endpoint).filter(uri -> !uri.isEmpty()).map(URI::create),
                "eu-central-1",
                pathStyle,
                Optional.of(new Credentials("key", "secret", token)),
                Optional.empty(),
                Optional.empty(),
                checksums,
                chunks,
                signed,
                defaults.conditionalWrites(),
                false,
                acl,
                encryption,
                defaults.partSize(),
                false,
                4);
    }

    private static Stream<Arguments> everySetting() {
        Map<String, S3Settings> all = new LinkedHashMap<>();
        for (String endpoint :
                List.of(
                        "http://127.0.0.1:9000",
                        "http://store.example",
                        "https://store.example/under/a/path",
                        "https://store.example:8443/under/a/path/",
                        "")) {
            for (boolean pathStyle : List.of(true, false)) {
                for (Checksums checksums : Checksums.values()) {
                    for (boolean chunks : List.of(true, false)) {
                        for (boolean signed : List.of(true, false)) {
                            all.put(
                                    "%s path %s, %s, chunks %s, signed %s"
                                            .formatted(
                                                    endpoint, pathStyle, checksums, chunks, signed),
                                    settings(endpoint, pathStyle, checksums, chunks, signed));
                        }
                    }
                }
            }
        }
        Map<String, Encryption> encryptions =
                Map.of(
                        "AES256", new Encryption.Aes256(),
                        "KMS", new Encryption.Kms("arn:aws:kms:eu-central-1:1:key/2"));
        encryptions.forEach(
                (name, encryption) ->
                        all.put(
                                name + ", an ACL and a session",
                                settings(
                                        "",
                                        false,
                                        Checksums.WHEN_SUPPORTED,
                                        true,
                                        true,
                                        Optional.of("token+/="),
                                        Acl.BUCKET_OWNER_FULL_CONTROL,
                                        encryption)));
        return all.entrySet().stream()
                .map(setting -> Arguments.of(setting.getKey(), setting.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everySetting")
    void with_every_setting_it_is_the_request_of_the_sdk(String name, S3Settings settings)
            throws Exception {
        isTheSame(settings, upload("in/2026/x-1", CONTENT, ""));
        isTheSame(settings, upload("in/2026/x-1.zst", CONTENT, "zstd"));
        isTheSame(settings, upload("in/empty", SampleContent.of(""), ""));
        isTheSame(settings, upload("in/large", large(), ""));
    }

    private static SampleContent large() {
        return SampleContent.of(new byte[DirectPuts.LARGEST]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                " a ",
                "a+b",
                "100%",
                "%41",
                "%2F",
                "über/Ärger/日本/🙂",
                "a//b",
                "a///b",
                "a/",
                "a/./b",
                "a/../b",
                "..",
                ".",
                "~*'()!",
                "$&=;:@,?#[]",
                "\"<>\\^`{|}",
                "a\tb",
                "a\nb",
                "lake",
                "lake/lake",
                "year=2026/region=eu/x",
                "\u0001\u007f",
            })
    void every_key_is_written_as_the_sdk_writes_it(String key) throws Exception {
        for (String endpoint :
                List.of("http://127.0.0.1:9000", "https://store.example/a/path", "")) {
            for (boolean pathStyle : List.of(true, false)) {
                S3Settings settings =
                        settings(endpoint, pathStyle, Checksums.WHEN_SUPPORTED, true, true);

                isTheSame(settings, upload(key, CONTENT, ""));
            }
        }
    }

    // ------------------------------------------------------------------ what the SDK makes always

    @Test
    void a_slash_at_the_beginning_a_large_object_and_another_bucket_are_left_to_the_sdk()
            throws Exception {
        S3Settings settings = settings("", true, Checksums.WHEN_SUPPORTED, true, true);
        Recorder recorder = new Recorder();
        try (S3Connection connection = new S3Connection(settings, recorder)) {
            S3Puts puts = new S3Puts(connection, settings);
            puts.put(upload("a", CONTENT, ""), true);
            SampleContent large = SampleContent.of(new byte[DirectPuts.LARGEST + 1]);

            for (S3Upload other :
                    List.of(
                            upload("/a", CONTENT, ""),
                            upload("a", large, ""),
                            upload("another", "a", CONTENT, ""))) {
                assertThat(connection.direct().send(puts.of(other, true))).isEmpty();
            }
            assertThat(recorder.requests).hasSize(1);
        }
    }

    /** Its requests are signed with a session of the bucket. */
    @Test
    void a_directory_bucket_of_s3_express_is_left_to_the_sdk() throws Exception {
        S3Settings settings = settings("", false, Checksums.WHEN_SUPPORTED, true, true);
        S3Upload upload = upload("lake--euc1-az1--x-s3", "a", CONTENT, "");
        Recorder recorder = new Recorder();
        try (S3Connection connection = new S3Connection(settings, recorder)) {
            S3Puts puts = new S3Puts(connection, settings);
            puts.put(upload, true);

            assertThat(recorder.requests)
                    .extracting(request -> request.httpRequest().method())
                    .containsExactly(SdkHttpMethod.GET, SdkHttpMethod.PUT);
            assertThat(connection.direct().send(puts.of(upload, true))).isEmpty();
        }
    }

    @Test
    void every_request_has_an_id_of_its_own() throws Exception {
        S3Settings settings = settings("", false, Checksums.WHEN_SUPPORTED, true, true);
        Recorder recorder = new Recorder();
        try (S3Connection connection = new S3Connection(settings, recorder)) {
            S3Puts puts = new S3Puts(connection, settings);
            for (int i = 0; i < 3; i++) {
                puts.put(upload("a" + i, CONTENT, ""), true);
            }
        }
        assertThat(recorder.requests)
                .extracting(
                        request ->
                                request.httpRequest()
                                        .firstMatchingHeader("amz-sdk-invocation-id")
                                        .orElseThrow()
                                        .toLowerCase(Locale.ROOT))
                .hasSize(3)
                .doesNotHaveDuplicates();
    }

    @Test
    void every_request_is_signed_at_its_own_time() throws Exception {
        S3Settings settings = settings("", false, Checksums.WHEN_SUPPORTED, true, true);
        Recorder recorder = new Recorder();
        try (S3Connection connection = new S3Connection(settings, recorder)) {
            S3Puts puts = new S3Puts(connection, settings);
            puts.put(upload("a", CONTENT, ""), true);
            Instant second = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            while (!Instant.now().truncatedTo(ChronoUnit.SECONDS).isAfter(second)) {
                Thread.onSpinWait(); // signatures know whole seconds
            }
            puts.put(upload("b", CONTENT, ""), true);
        }
        assertThat(recorder.requests)
                .extracting(
                        request ->
                                request.httpRequest()
                                        .firstMatchingHeader("X-Amz-Date")
                                        .orElseThrow())
                .hasSize(2)
                .doesNotHaveDuplicates();
    }
}
