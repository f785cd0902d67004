package io.delivery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HeldFunctionTest {
    private static final String EVENT =
            "{\"invocationId\":\"i\",\"records\":[{\"recordId\":\"1\",\"data\":\"e30=\"},"
                    + "{\"data\":\"e30=\",\"recordId\":\"2\"}]}";
    private static final String DROPPED =
            "{\"records\":[{\"recordId\":\"1\",\"result\":\"Dropped\",\"data\":\"\"},"
                    + "{\"recordId\":\"2\",\"result\":\"Dropped\",\"data\":\"\"}]}";

    @Test
    void it_answers_when_it_is_released_and_drops_every_record() throws Exception {
        try (HeldFunction function = new HeldFunction()) {
            assertThat(send(function).join().body()).isEqualTo(DROPPED);

            function.hold();
            CompletableFuture<HttpResponse<String>> held = send(function);
            assertThat(held).failsWithin(Duration.ofMillis(200));
            function.release();

            assertThat(held.join().body()).isEqualTo(DROPPED);
        }
    }

    private static CompletableFuture<HttpResponse<String>> send(HeldFunction function) {
        return HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(function.uri())
                                .POST(HttpRequest.BodyPublishers.ofString(EVENT))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
