package io.delivery.s3;

import io.delivery.world.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Ends a request that takes too long by closing its connection. The SDK's own time-outs interrupt
 * the thread instead, and an interrupt closes the staging file the thread reads from; the socket's
 * time-out does not end a write to a peer that has stopped reading.
 */
final class TimeLimitedHttpClient implements SdkHttpClient {
    static final Duration BASE = Duration.ofSeconds(60);

    /** A link slower than 1 Mbit/s per upload does not keep up with anything. */
    static final long SLOWEST_BYTES_PER_SECOND = 128 << 10;

    private final SdkHttpClient client;
    private final Scheduler scheduler;
    private final Executor timeouts;

    TimeLimitedHttpClient(SdkHttpClient client, Scheduler scheduler) {
        this.client = client;
        this.scheduler = scheduler;
        this.timeouts = scheduler.pool("s3-timeouts", 1);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = client.prepareRequest(request);
        Duration limit = limit(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                Scheduler.Cancellable timeout = scheduler.after(limit, timeouts, prepared::abort);
                try {
                    return prepared.call();
                } finally {
                    timeout.cancel();
                }
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    private static Duration limit(HttpExecuteRequest request) {
        long bytes =
                request.httpRequest()
                        .firstMatchingHeader("Content-Length")
                        .map(Long::parseLong)
                        .orElse(0L);
        return limit(bytes);
    }

    /** How long a request with so many bytes may take. */
    static Duration limit(long bytes) {
        return BASE.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}
