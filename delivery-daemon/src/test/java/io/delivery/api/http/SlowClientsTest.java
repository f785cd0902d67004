package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.api.FakeStream;
import io.delivery.api.TestClock;
import io.delivery.api.signing.SignatureVerifier;
import io.delivery.api.signing.TestSignatures;
import io.delivery.listening.TestCertificate;
import io.delivery.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever holds on to something without getting on takes nothing from the others. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class SlowClientsTest {
    private static final int BODY_BYTES = 96 << 10;
    private static final Duration SHORT = Duration.ofMillis(500);

    private final FakeStream clicks = new FakeStream("clicks");
    private final List<RawHttp> slow = new ArrayList<>();
    private ApiServer server;

    @AfterEach
    void stop() throws IOException {
        for (RawHttp connection : slow) {
            connection.close();
        }
        server.close();
    }

    /**
     * The attacker knows a key id, which stands in every request's head, and no secret. The callers
     * sign without a hash in the head, as the CLI and boto3 do: they cannot be told apart by it.
     */
    @ParameterizedTest
    @CsvSource({"other, 127.0.0.1", "known, 127.0.0.2"})
    void sixty_slow_bodies_with_a_known_key_id_hold_up_no_other_caller(String key, String address)
            throws Exception {
        start(settings(16 * BODY_BYTES, 1000, Duration.ofSeconds(10)));
        sendSixtySlowBodies();

        assertThat(twentyAnswers(key, address))
                .allSatisfy(answer -> assertThat(answer).startsWith("HTTP/1.1 200 "));
    }

    /** Until the slow ones have shown that they are slow, nothing tells them apart. */
    @Test
    void not_even_a_caller_from_the_same_address_with_the_same_key_id() throws Exception {
        start(settings(16 * BODY_BYTES, 1000, Duration.ofSeconds(10)));
        sendSixtySlowBodies();
        await().until(() -> answer("known", "127.0.0.1").startsWith("HTTP/1.1 200 "));

        assertThat(twentyAnswers("known", "127.0.0.1"))
                .allSatisfy(answer -> assertThat(answer).startsWith("HTTP/1.1 200 "));
    }

    /** All but the last bytes, so that each holds as much memory as it can get. */
    private void sendSixtySlowBodies() throws IOException {
        for (int i = 0; i < 60; i++) {
            String whole = request().signedBy("known", "no secret");
            open().send(whole.substring(0, whole.length() - 10));
        }
        await().until(() -> server.requestMemoryOnLoan() > 4 * BODY_BYTES);
    }

    private List<String> twentyAnswers(String key, String address) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(patientAnswer(key, address));
        }
        return answers;
    }

    /**
     * Of a caller that repeats a 503, as all SDKs do: on a busy machine the slow are found late.
     */
    private String patientAnswer(String key, String address) throws IOException {
        String answer = answer(key, address);
        for (int attempt = 1; attempt < 5 && answer.startsWith("HTTP/1.1 503 "); attempt++) {
            answer = answer(key, address);
        }
        return answer;
    }

    private String answer(String key, String address) throws IOException {
        try (RawHttp caller = RawHttp.to(server.uri(), address)) {
            return caller.send(request().signedBy(key, "secret")).answer();
        }
    }

    @Test
    void callers_at_once_that_are_as_fast_as_they_can_wait_for_each_other_and_are_all_served()
            throws Exception {
        start(settings(8 * BODY_BYTES, 1000, Duration.ofSeconds(10)));
        String whole = request().signedBy("known", "secret");

        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(
                    CompletableFuture.supplyAsync(
                            () -> {
                                try (RawHttp caller = RawHttp.to(server.uri())) {
                                    return caller.send(whole).answer();
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            }));
        }

        assertThat(calls).allSatisfy(c -> assertThat(c.join()).startsWith("HTTP/1.1 200 "));
        await().until(() -> server.requestMemoryOnLoan() == 0);
    }

    @Test
    void a_handshake_that_never_goes_on_ends(@TempDir Path folder) throws Exception {
        start(
                new ApiSettings(
                        "127.0.0.1",
                        0,
                        Optional.of(TestCertificate.in(folder).read()),
                        "us-east-1",
                        "000000000000",
                        ApiSettings.DEFAULT_MAX_BODY_BYTES,
                        ApiSettings.DEFAULT_MEMORY_BYTES,
                        Duration.ofSeconds(1),
                        SHORT,
                        1024,
                        100,
                        ApiSettings.DEFAULT_IDLE,
                        List.of()));

        // A record of a handshake that promises more than it brings.
        RawHttp silent = open();
        RawHttp begun = open().send("\u0016\u0003\u0001\u0002\u0000\u0001");

        assertThat(begun.isEnded()).isTrue();
        assertThat(silent.isEnded()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"'\r\n'", "'\n'"})
    void line_breaks_instead_of_a_head_end(String lineBreak) throws Exception {
        start(settings(16 * BODY_BYTES, 1000, SHORT));
        RawHttp dripping = open();
        RawHttp answered = open();
        answered.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").answer();

        assertEndsWhileItDrips(dripping, lineBreak);
        assertEndsWhileItDrips(answered, lineBreak);
    }

    @Test
    void bytes_after_the_last_answer_end() throws Exception {
        start(settings(16 * BODY_BYTES, 1000, SHORT));
        RawHttp leaving = open();
        leaving.send("POST /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").answer();

        assertEndsWhileItDrips(leaving, "x");
    }

    /** Each byte begins the idle time-out anew, so that it never ends such a connection. */
    private static void assertEndsWhileItDrips(RawHttp connection, String bytes) {
        await().pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(10))
                .until(
                        () -> {
                            try {
                                connection.send(bytes);
                                return false;
                            } catch (IOException ended) {
                                return true;
                            }
                        });
    }

    @Test
    void when_all_connections_are_taken_those_that_only_wait_make_room() throws Exception {
        start(settings(16 * BODY_BYTES, 20, Duration.ofSeconds(10)));
        for (int i = 0; i < 20; i++) {
            open();
        }

        try (RawHttp caller = RawHttp.to(server.uri())) {
            caller.send(request().signedBy("known", "secret"));
            assertThat(caller.answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void when_all_connections_bring_bodies_the_slowest_makes_room() throws Exception {
        start(settings(64 * BODY_BYTES, 20, Duration.ofSeconds(10)));
        for (int i = 0; i < 20; i++) {
            String whole = request().signedBy("known", "no secret");
            open().send(whole.substring(0, whole.length() - 10));
        }

        try (RawHttp caller = RawHttp.to(server.uri())) {
            caller.send(request().signedBy("known", "secret"));
            assertThat(caller.answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    private RawHttp open() throws IOException {
        RawHttp connection = RawHttp.to(server.uri());
        slow.add(connection);
        return connection;
    }

    private WireSignature request() {
        String record = "{\"DeliveryStreamName\":\"clicks\",\"Record\":{\"Data\":\"%s\"}}";
        return WireSignature.post(record.formatted("QUJD".repeat(BODY_BYTES / 4)))
                .with("Host", "127.0.0.1:" + server.uri().getPort())
                .with("X-Amz-Target", "Firehose_20150804.PutRecord");
    }

    private static ApiSettings settings(long memory, int connections, Duration headTimeout) {
        return new ApiSettings(
                "127.0.0.1",
                0,
                Optional.empty(),
                "us-east-1",
                "000000000000",
                BODY_BYTES + 100,
                memory,
                Duration.ofSeconds(1),
                headTimeout,
                1024,
                connections,
                ApiSettings.DEFAULT_IDLE,
                List.of());
    }

    private void start(ApiSettings settings) throws IOException {
        server =
                new ApiServer(
                        settings,
                        FakeStream.among(clicks),
                        new SignatureVerifier(
                                List.of(
                                        TestSignatures.caller("known", "secret"),
                                        TestSignatures.caller("other", "secret")),
                                "us-east-1",
                                "000000000000",
                                TestClock.real()),
                        TestClock.real(),
                        Metrics.NONE);
        server.start();
    }
}
