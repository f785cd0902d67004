package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.delivery.api.FakeStream;
import io.delivery.api.TestClock;
import io.delivery.api.signing.RequestSigner;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.api.signing.SignatureVerifier;
import io.delivery.api.signing.TestSignatures;
import io.delivery.listening.TestCertificate;
import io.delivery.metrics.Metrics;
import io.delivery.record.RecordId;
import io.delivery.stream.ThrottledException;
import io.delivery.telemetry.PrometheusMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseAsyncClient;
import software.amazon.awssdk.services.firehose.FirehoseClientBuilder;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamStatus;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamType;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.InvalidArgumentException;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.PutRecordResponse;
import software.amazon.awssdk.services.firehose.model.Record;
import software.amazon.awssdk.services.firehose.model.ResourceNotFoundException;
import software.amazon.awssdk.services.firehose.model.ServiceUnavailableException;

@Timeout(60)
class ApiServerTest {
    private static final String ACCOUNT = "000000000000";

    private final FakeStream clicks = new FakeStream("clicks");
    private final FakeStream orders = new FakeStream("orders");
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private ApiServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void the_java_sdk_puts_one_record() throws IOException {
        start(settings());

        try (var firehose = sdk("known", "secret").build()) {
            PutRecordResponse response =
                    firehose.putRecord(
                            r -> r.deliveryStreamName("clicks").record(record("hello\n")));

            assertThat(RecordId.decode(response.recordId()))
                    .contains(new RecordId(FakeStream.INCARNATION, 0));
            assertThat(response.encrypted()).isFalse();
        }
        assertThat(clicks.texts()).containsExactly("hello\n");
    }

    @Test
    void the_java_sdk_puts_the_largest_batch_and_gets_an_id_per_record() throws IOException {
        start(settings());
        List<Record> records =
                IntStream.range(0, 500).mapToObj(i -> record(i + "x".repeat(8_000))).toList();

        try (var firehose = sdk("known", "secret").build()) {
            PutRecordBatchResponse response =
                    firehose.putRecordBatch(r -> r.deliveryStreamName("clicks").records(records));

            assertThat(response.failedPutCount()).isZero();
            assertThat(response.encrypted()).isFalse();
            assertThat(response.requestResponses()).hasSize(500);
            assertThat(RecordId.decode(response.requestResponses().get(499).recordId()))
                    .contains(new RecordId(FakeStream.INCARNATION, 499));
        }
        assertThat(clicks.calls()).hasSize(1);
        assertThat(clicks.texts().get(499)).startsWith("499x").hasSize(8_003);
    }

    @Test
    void many_calls_at_once_share_the_memory_and_mix_nothing_up() throws IOException {
        start(settings());
        List<CompletableFuture<?>> calls = new ArrayList<>();

        try (FirehoseAsyncClient firehose =
                FirehoseAsyncClient.builder()
                        .endpointOverride(server.uri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials("known", "secret"))
                        .build()) {
            for (int call = 0; call < 200; call++) {
                String text = "call " + call + " ".repeat(call * 97 % 5_000);
                calls.add(
                        firehose.putRecordBatch(
                                r ->
                                        r.deliveryStreamName("clicks")
                                                .records(record(text), record(text))));
            }
            calls.forEach(CompletableFuture::join);
        }

        assertThat(clicks.calls()).hasSize(200);
        assertThat(clicks.calls())
                .allSatisfy(call -> assertThat(call.get(0)).isEqualTo(call.get(1)));
        assertThat(clicks.texts().stream().distinct()).hasSize(200);
    }

    @Test
    void nothing_is_answered_before_the_records_are_durable() throws IOException {
        CompletableFuture<Void> fsync = new CompletableFuture<>();
        clicks.durableWith(fsync);
        start(settings());

        try (FirehoseAsyncClient firehose =
                FirehoseAsyncClient.builder()
                        .endpointOverride(server.uri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials("known", "secret"))
                        .build()) {
            CompletableFuture<PutRecordResponse> waiting =
                    firehose.putRecord(
                            r -> r.deliveryStreamName("clicks").record(record("patient")));
            firehose.putRecord(r -> r.deliveryStreamName("orders").record(record("quick"))).join();

            assertThat(waiting).isNotDone();
            fsync.complete(null);
            assertThat(waiting.join().recordId()).isNotEmpty();
        }
        assertThat(clicks.texts()).containsExactly("patient");
    }

    @Test
    void a_throttled_call_is_refused_as_a_whole_and_the_sdk_knows_it_may_come_again()
            throws IOException {
        clicks.throttle(ThrottledException.Cause.JOURNAL_FULL);
        start(settings());

        try (var firehose =
                sdk("known", "secret")
                        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
                        .build()) {
            assertThatThrownBy(
                            () ->
                                    firehose.putRecordBatch(
                                            r ->
                                                    r.deliveryStreamName("clicks")
                                                            .records(record("a"), record("b"))))
                    .isInstanceOfSatisfying(
                            ServiceUnavailableException.class,
                            e -> {
                                assertThat(e.statusCode()).isEqualTo(503);
                                assertThat(e.awsErrorDetails().errorMessage())
                                        .isEqualTo("Slow down.");
                            });
        }
    }

    @Test
    void an_unknown_stream_and_an_unavailable_operation_arrive_as_their_exceptions()
            throws IOException {
        start(settings());

        try (var firehose = sdk("known", "secret").build()) {
            assertThatThrownBy(
                            () -> firehose.describeDeliveryStream(r -> r.deliveryStreamName("no")))
                    .isInstanceOf(ResourceNotFoundException.class)
                    .hasMessageContaining("Firehose no under account 000000000000 not found.");
            assertThatThrownBy(
                            () ->
                                    firehose.deleteDeliveryStream(
                                            r -> r.deliveryStreamName("clicks")))
                    .isInstanceOf(InvalidArgumentException.class)
                    .hasMessageContaining("is defined by this server's configuration");
        }
    }

    @Test
    void a_key_reaches_only_the_streams_it_is_allowed() throws IOException {
        start(settings());

        try (var firehose = sdk("limited", "secret2").build()) {
            firehose.putRecord(r -> r.deliveryStreamName("orders").record(record("mine")));

            assertThatThrownBy(
                            () ->
                                    firehose.putRecord(
                                            r ->
                                                    r.deliveryStreamName("clicks")
                                                            .record(record("not mine"))))
                    .isInstanceOfSatisfying(
                            FirehoseException.class,
                            e -> {
                                assertThat(e.statusCode()).isEqualTo(403);
                                assertThat(e.awsErrorDetails().errorCode())
                                        .isEqualTo("AccessDeniedException");
                            });
            assertThatThrownBy(firehose::listDeliveryStreams)
                    .hasMessageContaining("firehose:ListDeliveryStreams");
        }
        assertThat(clicks.calls()).isEmpty();
    }

    @Test
    void a_yaml_stream_is_described_as_the_sdk_expects() throws IOException {
        start(settings());

        try (var firehose = sdk("known", "secret").build()) {
            DeliveryStreamDescription described =
                    firehose.describeDeliveryStream(r -> r.deliveryStreamName("clicks"))
                            .deliveryStreamDescription();

            assertThat(described.deliveryStreamARN())
                    .isEqualTo("arn:aws:firehose:us-east-1:000000000000:deliverystream/clicks");
            assertThat(described.deliveryStreamStatus()).isEqualTo(DeliveryStreamStatus.ACTIVE);
            assertThat(described.deliveryStreamType()).isEqualTo(DeliveryStreamType.DIRECT_PUT);
            assertThat(described.createTimestamp().toEpochMilli()).isEqualTo(1_700_000_000_123L);
            assertThat(described.hasMoreDestinations()).isFalse();
            assertThat(described.destinations())
                    .singleElement()
                    .satisfies(
                            d -> {
                                assertThat(d.destinationId())
                                        .isEqualTo("destinationId-000000000001");
                                assertThat(d.s3DestinationDescription().bucketARN())
                                        .isEqualTo("arn:aws:s3:::events");
                                assertThat(
                                                d.extendedS3DestinationDescription()
                                                        .bufferingHints()
                                                        .intervalInSeconds())
                                        .isEqualTo(300);
                            });
        }
    }

    @Test
    void streams_are_listed_in_pages() throws IOException {
        start(settings());

        try (var firehose = sdk("known", "secret").build()) {
            var first = firehose.listDeliveryStreams(r -> r.limit(1));
            var second =
                    firehose.listDeliveryStreams(r -> r.exclusiveStartDeliveryStreamName("clicks"));
            var kinesis =
                    firehose.listDeliveryStreams(
                            r -> r.deliveryStreamType("KinesisStreamAsSource"));

            assertThat(first.deliveryStreamNames()).containsExactly("clicks");
            assertThat(first.hasMoreDeliveryStreams()).isTrue();
            assertThat(second.deliveryStreamNames()).containsExactly("orders");
            assertThat(second.hasMoreDeliveryStreams()).isFalse();
            assertThat(kinesis.deliveryStreamNames()).isEmpty();
        }
    }

    @Test
    void our_own_client_puts_records_signed_and_unsigned() throws Exception {
        start(settings());
        FirehoseClient signed =
                new FirehoseClient(
                        server.uri(),
                        Optional.of(new RequestSigner("known", "secret", "us-east-1")),
                        TestClock.real());
        FirehoseClient unsigned =
                new FirehoseClient(server.uri(), Optional.empty(), TestClock.real());

        List<FirehoseClient.Entry> entries =
                signed.putRecordBatch(
                        "clicks",
                        List.of(
                                "a".getBytes(StandardCharsets.UTF_8),
                                "".getBytes(StandardCharsets.UTF_8)));

        assertThat(entries).hasSize(2).allMatch(FirehoseClient.Entry::accepted);
        assertThatThrownBy(() -> unsigned.putRecordBatch("clicks", List.of(new byte[1])))
                .hasMessage("Missing Authentication Token");
        assertThat(clicks.texts()).containsExactly("a", "");
    }

    @Test
    void every_answer_has_its_headers_and_one_connection_serves_many_requests() throws IOException {
        start(settings());

        try (RawHttp socket = connect()) {
            for (int i = 0; i < 3; i++) {
                socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
                String answer = socket.answer();

                assertThat(answer).startsWith("HTTP/1.1 403 ");
                assertThat(answer).containsPattern("(?i)x-amzn-requestid: [0-9a-f-]{36}\r\n");
                assertThat(answer).containsPattern("(?i)x-amz-id-2: [A-Za-z0-9+/=]{64}\r\n");
                assertThat(answer)
                        .containsPattern("(?i)content-type: application/x-amz-json-1.1\r\n");
                assertThat(answer).contains("\"__type\":\"MissingAuthenticationTokenException\"");
                String date = answer.replaceAll("(?s).*\r\nDate: ([^\r]+)\r\n.*", "$1");
                assertThat(
                                ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                        .toInstant())
                        .isBetween(
                                java.time.Instant.now().minusSeconds(5),
                                java.time.Instant.now().plusSeconds(5));
            }
        }
    }

    @Test
    void a_chunked_body_is_read_as_well() throws IOException {
        start(settings(), RequestVerifier.UNCHECKED);

        try (RawHttp socket = connect()) {
            socket.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Firehose_20150804.PutRecord\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + "1a\r\n{\"DeliveryStreamName\":\"cli\r\n"
                            + "20\r\ncks\",\"Record\":{\"Data\":\"YWJj\"}} \n\r\n0\r\n\r\n");

            assertThat(socket.answer()).startsWith("HTTP/1.1 200 ");
        }
        assertThat(clicks.texts()).containsExactly("abc");
    }

    /** What another server in front of this one may count differently (CVE-2026-19203). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2\r\n{}\n0\r\n\r\n",
                "2\n{}\r\n0\r\n\r\n",
                "2;x=\"\r\n{}\r\n0\r\n\r\n",
                "2\r\n{}0\r\n\r\n",
                "-2\r\n{}\r\n0\r\n\r\n",
                "0x2\r\n{}\r\n0\r\n\r\n"
            })
    void chunks_that_are_not_framed_to_the_letter_are_refused(String chunks) throws IOException {
        start(settings(), RequestVerifier.UNCHECKED);

        try (RawHttp socket = connect()) {
            socket.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Firehose_20150804.ListDeliveryStreams\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + chunks);

            assertThat(socket.answer()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void a_body_that_turns_out_too_long_is_refused_without_reading_on() throws IOException {
        start(settings(), RequestVerifier.UNCHECKED);

        try (RawHttp socket = connect()) {
            socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n{\"Deli");

            String answer = socket.answer();
            assertThat(answer).startsWith("HTTP/1.1 413 ");
            assertThat(answer).contains("RequestEntityTooLargeException");
            assertThat(answer).containsIgnoringCase("connection: close");
            assertThat(socket.isEnded()).isTrue();
        }
        try (RawHttp socket = connect()) {
            socket.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
            try {
                for (int i = 0; i < 400; i++) {
                    socket.send(chunk);
                }
            } catch (IOException refusedWhileSending) {
                // the server has stopped reading, as it should
            }
            await().until(() -> server.requestMemoryOnLoan() == 0);
        }
    }

    @Test
    void a_head_that_drips_is_cut_off() throws IOException {
        start(withHeaderTimeout(Duration.ofMillis(300)));

        try (RawHttp socket = connect();
                RawHttp idle = connect()) {
            socket.send("POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ");

            assertThat(socket.isEnded()).isTrue();
            // A connection that has not begun a request is left alone.
            idle.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
            assertThat(idle.answer()).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void a_body_that_drips_is_refused() throws IOException {
        start(withHeaderTimeout(Duration.ofMillis(300)), RequestVerifier.UNCHECKED);

        try (RawHttp socket = connect()) {
            socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{");

            String answer = socket.answer();
            assertThat(answer).startsWith("HTTP/1.1 408 ");
            assertThat(answer).contains("RequestTimeoutException");
        }
        await().until(() -> server.requestMemoryOnLoan() == 0);
    }

    @Test
    void a_caller_who_is_not_known_gets_no_memory_for_its_body() throws IOException {
        start(settings());

        try (RawHttp socket = connect()) {
            String body = "x".repeat(1 << 20);
            socket.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: "
                            + (body.length() + 1)
                            + "\r\n\r\n"
                            + body);
            assertThat(socket.answerWithin(300)).isEmpty();
            assertThat(server.requestMemoryOnLoan()).isZero();

            // It is told why, once it has sent everything; the connection is still good.
            socket.send("x");
            assertThat(socket.answer()).contains("MissingAuthenticationTokenException");
            socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
            assertThat(socket.answer()).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void a_body_that_drips_after_a_fast_beginning_is_refused_as_well() throws IOException {
        start(withHeaderTimeout(Duration.ofMillis(300)), RequestVerifier.UNCHECKED);

        try (RawHttp socket = connect()) {
            socket.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\n\r\n"
                            + "x".repeat(1_000_000));

            assertThat(socket.answer()).startsWith("HTTP/1.1 408 ");
        }
        await().until(() -> server.requestMemoryOnLoan() == 0);
    }

    @Test
    void the_sdk_speaks_tls_with_a_certificate_from_pem_files(@TempDir Path folder)
            throws Exception {
        TestCertificate.PemFiles files = TestCertificate.in(folder);
        start(new ApiSettings("127.0.0.1", 0, Optional.of(files.read()), "us-east-1", ACCOUNT));
        FirehoseClient client =
                new FirehoseClient(
                        server.uri(),
                        Optional.of(new RequestSigner("known", "secret", "us-east-1")),
                        TestClock.real(),
                        HttpClient.newBuilder().sslContext(trusting(files.certificate())).build());

        assertThat(server.uri()).hasScheme("https");
        assertThat(
                        client.putRecordBatch(
                                        "clicks", List.of("safe".getBytes(StandardCharsets.UTF_8)))
                                .get(0)
                                .accepted())
                .isTrue();
        assertThat(clicks.texts()).containsExactly("safe");
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "a", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void other_methods_and_paths_and_broken_http_get_errors_of_the_api() throws IOException {
        start(settings());

        for (String head : List.of("GET / HTTP/1.1", "POST /other HTTP/1.1", "PUT / HTTP/1.1")) {
            try (RawHttp socket = connect()) {
                socket.send(head + "\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
                String answer = socket.answer();
                assertThat(answer).startsWith("HTTP/1.1 404 ");
                assertThat(answer).contains("UnknownOperationException");
            }
        }
        try (RawHttp socket = connect()) {
            socket.send("\u0001\u0002 rubbish\r\n\r\n");
            String answer = socket.answer();
            assertThat(answer).startsWith("HTTP/1.1 400 ");
            assertThat(answer).contains("MalformedHttpRequestException");
        }
        try (RawHttp socket = connect()) {
            socket.send("POST / HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(20_000) + "\r\n\r\n");
            assertThat(socket.answer()).contains("MalformedHttpRequestException");
        }
    }

    @Test
    void when_memory_runs_out_a_request_waits_a_moment_and_is_told_to_come_again()
            throws IOException {
        CompletableFuture<Void> fsync = new CompletableFuture<>();
        clicks.durableWith(fsync);
        start(
                new ApiSettings(
                        "127.0.0.1",
                        0,
                        Optional.empty(),
                        "us-east-1",
                        ACCOUNT,
                        8 << 10,
                        48 << 10,
                        Duration.ofMillis(50),
                        Duration.ofSeconds(10),
                        1024,
                        100,
                        ApiSettings.DEFAULT_IDLE,
                        List.of()),
                RequestVerifier.UNCHECKED);
        List<RawHttp> waiting = new ArrayList<>();
        String body =
                "{\"DeliveryStreamName\":\"clicks\",\"Record\":{\"Data\":\""
                        + "YWJj".repeat(1_500)
                        + "\"}}";
        String request =
                "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Firehose_20150804.PutRecord\r\n"
                        + "Content-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;

        String refusal = "";
        try {
            for (int i = 0; i < 20 && refusal.isEmpty(); i++) {
                RawHttp socket = connect();
                waiting.add(socket);
                socket.send(request);
                refusal = socket.answerWithin(600);
            }

            assertThat(refusal).startsWith("HTTP/1.1 503 ");
            assertThat(refusal).contains("ServiceUnavailableException").contains("Slow down.");
            assertThat(page()).contains("delivery_throttled_records_total{cause=\"memory\"");

            // What was accepted for waiting is answered, and then there is room again.
            fsync.complete(null);
            assertThat(waiting.get(0).answer()).startsWith("HTTP/1.1 200 ");
            await().until(() -> server.requestMemoryOnLoan() == 0);
            waiting.get(0).send(request);
            assertThat(waiting.get(0).answer()).startsWith("HTTP/1.1 200 ");
        } finally {
            for (RawHttp socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void a_client_that_hangs_up_leaves_nothing_behind() throws IOException {
        start(settings(), RequestVerifier.UNCHECKED);

        try (RawHttp socket = connect()) {
            socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{\"Deli");
            await().until(() -> server.requestMemoryOnLoan() > 0);
        }

        await().until(() -> server.requestMemoryOnLoan() == 0);
        assertThat(clicks.calls()).isEmpty();
    }

    @Test
    void a_body_that_is_still_on_its_way_is_cut_off_when_the_grace_is_over() throws IOException {
        start(settings(), RequestVerifier.UNCHECKED);

        try (RawHttp socket = connect()) {
            socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{\"Deli");
            await().until(() -> server.requestMemoryOnLoan() > 0);

            server.stop(Duration.ofMillis(50));

            assertThat(socket.answer()).doesNotContain(" 200 ");
        }
        assertThat(clicks.calls()).isEmpty();
    }

    @Test
    void an_open_address_without_credentials_is_refused() {
        ApiSettings open = new ApiSettings("0.0.0.0", 0, Optional.empty(), "us-east-1", ACCOUNT);

        assertThatThrownBy(
                        () ->
                                new ApiServer(
                                        open,
                                        FakeStream.among(),
                                        RequestVerifier.UNCHECKED,
                                        TestClock.real(),
                                        Metrics.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Without credentials the API is bound to loopback only, not to 0.0.0.0");
    }

    @Test
    void a_port_in_use_is_named() throws IOException {
        start(settings());
        ApiSettings same =
                new ApiSettings(
                        "127.0.0.1",
                        server.uri().getPort(),
                        Optional.empty(),
                        "us-east-1",
                        ACCOUNT);

        try (ApiServer second =
                new ApiServer(
                        same,
                        FakeStream.among(),
                        RequestVerifier.UNCHECKED,
                        TestClock.real(),
                        Metrics.NONE)) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + server.uri().getPort());
        }
    }

    private static ApiSettings settings() {
        return new ApiSettings("127.0.0.1", 0, Optional.empty(), "us-east-1", ACCOUNT);
    }

    private static ApiSettings withHeaderTimeout(Duration timeout) {
        return new ApiSettings(
                "127.0.0.1",
                0,
                Optional.empty(),
                "us-east-1",
                ACCOUNT,
                ApiSettings.DEFAULT_MAX_BODY_BYTES,
                ApiSettings.DEFAULT_MEMORY_BYTES,
                ApiSettings.DEFAULT_MEMORY_WAIT,
                timeout,
                ApiSettings.DEFAULT_MIN_BODY_BYTES_PER_SECOND,
                ApiSettings.DEFAULT_MAX_CONNECTIONS,
                ApiSettings.DEFAULT_IDLE,
                List.of());
    }

    private void start(ApiSettings settings) throws IOException {
        start(
                settings,
                new SignatureVerifier(
                        List.of(
                                TestSignatures.caller("known", "secret"),
                                TestSignatures.caller(
                                        "limited",
                                        "secret2",
                                        List.of("firehose:Put*"),
                                        List.of("ord*"))),
                        "us-east-1",
                        ACCOUNT,
                        TestClock.real()));
    }

    private void start(ApiSettings settings, RequestVerifier verifier) throws IOException {
        server =
                new ApiServer(
                        settings,
                        FakeStream.among(orders, clicks),
                        verifier,
                        TestClock.real(),
                        metrics);
        server.start();
    }

    private FirehoseClientBuilder sdk(String key, String secret) {
        return software.amazon.awssdk.services.firehose.FirehoseClient.builder()
                .endpointOverride(server.uri())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials(key, secret));
    }

    private static StaticCredentialsProvider credentials(String key, String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret));
    }

    private static Record record(String text) {
        return Record.builder().data(SdkBytes.fromUtf8String(text)).build();
    }

    private String page() throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        metrics.writeTo(page);
        return page.toString(StandardCharsets.UTF_8);
    }

    private RawHttp connect() throws IOException {
        return RawHttp.to(server.uri());
    }
}
