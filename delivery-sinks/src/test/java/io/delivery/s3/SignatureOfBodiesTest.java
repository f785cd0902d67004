package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.machine.Machine;
import io.delivery.record.ObjectName;
import io.delivery.s3.S3Settings.Credentials;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.PrivateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the signatures of an object's requests cover, by the headers that a server sees. */
class SignatureOfBodiesTest {
    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    private static final int PART = (int) S3Settings.MIN_PART_SIZE;

    @TempDir private Path temp;

    private final Machine machine = new Machine();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private Optional<Path> caFile = Optional.empty();

    /**
     * A request.
     *
     * @param what method and, of a query, the names
     * @param hash what it says that the hash of its body is
     */
    private record Seen(String what, String hash, Headers headers, byte[] body) {
        String header(String name) {
            return headers.getFirst(name);
        }
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
        machine.close();
    }

    private void http() throws IOException {
        serve(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    private void https() throws IOException {
        PrivateAuthority authority = PrivateAuthority.create(temp);
        HttpsServer tls =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tls.setHttpsConfigurator(new HttpsConfigurator(authority.server()));
        caFile = Optional.of(authority.caFile());
        serve(tls);
    }

    private void serve(HttpServer started) {
        server = started;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String query = exchange.getRequestURI().getQuery();
        String what =
                exchange.getRequestMethod()
                        + (query == null ? "" : " " + query.replaceAll("=[^&]*", ""));
        Headers headers = new Headers();
        headers.putAll(exchange.getRequestHeaders());
        seen.add(new Seen(what, headers.getFirst("x-amz-content-sha256"), headers, body));
        byte[] answer =
                Map.of(
                                "POST uploads",
                                "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                                        + "</InitiateMultipartUploadResult>",
                                "POST uploadId",
                                "<CompleteMultipartUploadResult><ETag>e</ETag>"
                                        + "</CompleteMultipartUploadResult>")
                        .getOrDefault(what, "")
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("ETag", "\"e\"");
        exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
        if (answer.length > 0) {
            exchange.getResponseBody().write(answer);
        }
        exchange.close();
    }

    private void land(boolean signed, boolean chunks, Checksums checksums, SampleContent content)
            throws Exception {
        S3Settings defaults = S3Settings.DEFAULTS;
        String scheme = server instanceof HttpsServer ? "https" : "http";
        S3Settings settings =
                new S3Settings(
                        Optional.of(
                                URI.create(
                                        scheme + "://127.0.0.1:" + server.getAddress().getPort())),
                        "us-east-1",
                        true,
                        Optional.of(new Credentials("key", "secret", Optional.empty())),
                        Optional.empty(),
                        caFile,
                        checksums,
                        chunks,
                        signed,
                        defaults.conditionalWrites(),
                        false,
                        defaults.acl(),
                        defaults.encryption(),
                        PART,
                        false,
                        1);
        try (S3Store store = S3Store.open(settings, machine.world())) {
            Landing landing =
                    store.land(
                                    content,
                                    new ObjectName("lake", "key"),
                                    new ObjectAttributes("mark", 1, ""),
                                    UploadListener.IGNORE)
                            .toCompletableFuture()
                            .get(60, TimeUnit.SECONDS);
            assertThat(landing).isInstanceOf(Landing.Landed.class);
        }
    }

    private Seen only(String what) {
        return seen.stream()
                .filter(request -> request.what().equals(what))
                .reduce(
                        (one, other) -> {
                            throw new AssertionError("more than one " + what);
                        })
                .orElseThrow();
    }

    private static String sha256(byte[] body) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    }

    private static SampleContent content(int size) {
        return SampleContent.of(new byte[size]);
    }

    @Test
    void over_http_a_body_is_signed_in_chunks_or_as_a_whole() throws Exception {
        http();

        land(true, true, Checksums.WHEN_SUPPORTED, content(100));
        assertThat(only("PUT").hash()).isEqualTo("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");

        seen.clear();
        land(true, false, Checksums.WHEN_SUPPORTED, content(100));
        assertThat(only("PUT").hash()).isEqualTo(sha256(new byte[100]));
    }

    @Test
    void a_body_without_a_signature_goes_as_it_is_and_its_checksum_is_signed() throws Exception {
        http();

        land(false, true, Checksums.WHEN_SUPPORTED, content(100));

        Seen put = only("PUT");
        assertThat(put.hash()).isEqualTo(UNSIGNED);
        assertThat(put.body()).isEqualTo(new byte[100]);
        assertThat(put.header("Content-Length")).isEqualTo("100");
        assertThat(put.headers()).doesNotContainKey("Content-encoding");
        assertThat(put.header("x-amz-checksum-crc32"))
                .isEqualTo(ObjectChecksums.header(content(100).crc32()));
        assertThat(put.header("Authorization"))
                .matches(".*SignedHeaders=[^,]*;x-amz-checksum-crc32;x-amz-content-sha256;.*");
    }

    @Test
    void the_parts_of_an_upload_have_no_signature_and_its_completion_has() throws Exception {
        http();

        land(false, true, Checksums.WHEN_SUPPORTED, content(PART + 1));

        assertThat(seen)
                .filteredOn(request -> request.what().startsWith("PUT"))
                .hasSize(2)
                .allSatisfy(
                        part -> {
                            assertThat(part.hash()).isEqualTo(UNSIGNED);
                            assertThat(part.header("x-amz-checksum-crc32")).isNotNull();
                        })
                .extracting(part -> part.body().length)
                .containsExactly(PART, 1);
        assertThat(only("POST uploadId").hash()).isNotEqualTo(UNSIGNED);
    }

    @Test
    void an_empty_body_has_its_checksum_too() throws Exception {
        http();

        land(false, true, Checksums.WHEN_SUPPORTED, content(0));

        assertThat(only("PUT").hash()).isEqualTo(UNSIGNED);
        assertThat(only("PUT").header("x-amz-checksum-crc32")).isEqualTo("AAAAAA==");
    }

    @Test
    void a_body_without_a_checksum_is_signed_whatever_the_setting_says() throws Exception {
        http();

        land(false, false, Checksums.WHEN_REQUIRED, content(100));

        assertThat(only("PUT").hash()).isEqualTo(sha256(new byte[100]));
    }

    @Test
    void over_https_no_body_is_signed_whatever_the_setting_says() throws Exception {
        https();

        land(true, true, Checksums.WHEN_SUPPORTED, content(100));
        land(false, true, Checksums.WHEN_SUPPORTED, content(100));

        assertThat(seen)
                .filteredOn(request -> request.what().equals("PUT"))
                .hasSize(2)
                .allSatisfy(
                        put -> {
                            assertThat(put.hash()).isEqualTo(UNSIGNED);
                            assertThat(put.header("x-amz-checksum-crc32")).isNotNull();
                        });
    }
}
