package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.api.FakeStream;
import io.delivery.api.Outside;
import io.delivery.api.StreamChanges;
import io.delivery.api.StreamDoor;
import io.delivery.api.Streams;
import io.delivery.api.TestClock;
import io.delivery.api.control.Resolver;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.metrics.Metrics;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A call that meets a defect of the program is answered, and its memory is given back. */
class UnexpectedFailuresTest {
    static List<Throwable> unexpected() {
        return List.of(new IllegalStateException("injected"), new StackOverflowError("injected"));
    }

    private static Streams throwing(Throwable unexpected) {
        Streams others = FakeStream.among();
        return new Streams() {
            @Override
            public Optional<StreamDoor> look(String name) {
                if (unexpected instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) unexpected;
            }

            @Override
            public List<String> names() {
                return others.names();
            }

            @Override
            public StreamChanges changes() {
                return others.changes();
            }

            @Override
            public Outside outside() {
                return others.outside();
            }

            @Override
            public Resolver resolver() {
                return others.resolver();
            }
        };
    }

    @ParameterizedTest
    @MethodSource("unexpected")
    void it_is_answered_with_the_form_of_the_api(Throwable unexpected) throws Exception {
        try (ApiServer server =
                new ApiServer(
                        new ApiSettings(
                                "127.0.0.1", 0, Optional.empty(), "us-east-1", "000000000000"),
                        throwing(unexpected),
                        RequestVerifier.UNCHECKED,
                        TestClock.real(),
                        Metrics.NONE)) {
            server.start();

            HttpResponse<String> answer =
                    HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(server.uri())
                                            .timeout(Duration.ofMinutes(1))
                                            .header("Content-Type", "application/x-amz-json-1.1")
                                            .header(
                                                    "X-Amz-Target",
                                                    "Firehose_20150804.DescribeDeliveryStream")
                                            .POST(
                                                    HttpRequest.BodyPublishers.ofString(
                                                            "{\"DeliveryStreamName\":\"clicks\"}"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("InternalFailure");
            await().untilAsserted(() -> assertThat(server.requestMemoryOnLoan()).isZero());
        }
    }
}
