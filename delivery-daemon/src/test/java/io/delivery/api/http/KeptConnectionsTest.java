package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.FakeStream;
import io.delivery.api.TestClock;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.metrics.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How long a connection that only waits for its next request stays open. */
@Execution(ExecutionMode.CONCURRENT)
class KeptConnectionsTest {
    private static final Duration IDLE = Duration.ofSeconds(3);
    private static final int PAUSE_MILLIS = 1_000;

    private static final String REQUEST =
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.1\r\n"
                    + "X-Amz-Target: Firehose_20150804.ListDeliveryStreams\r\n"
                    + "Content-Length: 2\r\n\r\n{}";

    private ApiServer server;

    @BeforeEach
    void start() throws IOException {
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
                                ApiSettings.DEFAULT_MEMORY_WAIT,
                                ApiSettings.DEFAULT_HEADER_TIMEOUT,
                                ApiSettings.DEFAULT_MIN_BODY_BYTES_PER_SECOND,
                                ApiSettings.DEFAULT_MAX_CONNECTIONS,
                                IDLE,
                                List.of()),
                        FakeStream.among(new FakeStream("clicks")),
                        RequestVerifier.UNCHECKED,
                        TestClock.real(),
                        Metrics.NONE);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void one_that_is_used_more_often_than_its_idle_time_out_stays_open_for_longer_than_that()
            throws IOException {
        try (RawHttp connection = RawHttp.to(server.uri())) {
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < 2 * IDLE.toNanos()) {
                assertThat(connection.send(REQUEST).answer()).startsWith("HTTP/1.1 200 ");
                assertThat(connection.answerWithin(PAUSE_MILLIS)).isEmpty();
            }
        }
    }

    @Test
    void one_whose_body_pauses_for_longer_than_that_is_answered() throws IOException {
        try (RawHttp connection = RawHttp.to(server.uri())) {
            int half = REQUEST.length() - 1;
            connection.send(REQUEST.substring(0, half));
            assertThat(connection.answerWithin((int) IDLE.toMillis() + PAUSE_MILLIS)).isEmpty();

            connection.send(REQUEST.substring(half));

            assertThat(connection.answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void one_that_waits_for_longer_is_closed() throws IOException {
        try (RawHttp connection = RawHttp.to(server.uri())) {
            assertThat(connection.send(REQUEST).answer()).startsWith("HTTP/1.1 200 ");
            assertThat(connection.isEnded()).isTrue();
        }
    }
}
