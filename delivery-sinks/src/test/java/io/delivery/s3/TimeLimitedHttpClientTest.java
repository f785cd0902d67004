package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

class TimeLimitedHttpClientTest {
    private final SimWorld world = SimWorld.seeded(1);
    private final AtomicInteger aborted = new AtomicInteger();

    /** A peer for which time passes while it is called. */
    private final class SlowClient implements SdkHttpClient {
        private final Duration takes;

        SlowClient(Duration takes) {
            this.takes = takes;
        }

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() {
                    world.scheduler().runFor(takes);
                    return HttpExecuteResponse.builder()
                            .response(SdkHttpResponse.builder().statusCode(200).build())
                            .build();
                }

                @Override
                public void abort() {
                    aborted.incrementAndGet();
                }
            };
        }

        @Override
        public void close() {}
    }

    private void call(Duration takes, long bytes) throws IOException {
        TimeLimitedHttpClient client =
                new TimeLimitedHttpClient(new SlowClient(takes), world.scheduler());
        client.prepareRequest(
                        HttpExecuteRequest.builder()
                                .request(
                                        SdkHttpRequest.builder()
                                                .method(SdkHttpMethod.PUT)
                                                .uri(URI.create("http://127.0.0.1/x"))
                                                .putHeader("Content-Length", String.valueOf(bytes))
                                                .build())
                                .build())
                .call();
        world.scheduler().runFor(Duration.ofHours(1));
    }

    @Test
    void a_request_that_is_answered_in_time_is_left_alone() throws Exception {
        call(Duration.ofSeconds(59), 0);

        assertThat(aborted).hasValue(0);
    }

    @Test
    void a_request_that_is_not_is_ended_once() throws Exception {
        call(Duration.ofSeconds(61), 0);

        assertThat(aborted).hasValue(1);
    }

    @Test
    void a_large_body_has_longer() throws Exception {
        call(Duration.ofSeconds(61), 16 << 20);
        assertThat(aborted).hasValue(0);

        call(Duration.ofSeconds(60 + 128 + 1), 16 << 20);
        assertThat(aborted).hasValue(1);
    }
}
