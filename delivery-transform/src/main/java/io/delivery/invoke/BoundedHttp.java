package io.delivery.invoke;

import io.delivery.config.FunctionSettings;
import io.delivery.function.Invocation;
import java.io.FilterInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/**
 * An HTTP client that reads no more of an answer than a function may answer, and whose requests are
 * ended from outside by closing their connection: with the head, within the body or before both.
 * Follows no redirect, asks for no compression, repeats nothing.
 */
final class BoundedHttp implements SdkHttpClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** A connection that a server may have closed meanwhile is better not used again. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    /** Silence of the peer; whoever ends an invocation is always earlier. */
    private static final Duration SILENCE = FunctionSettings.MAX_TIMEOUT.plusSeconds(30);

    private final SdkHttpClient client;

    /** The SDK calls its HTTP client on the thread that called the SDK. */
    private final ThreadLocal<Ongoing> current = new ThreadLocal<>();

    BoundedHttp(int connections) {
        client =
                Apache5HttpClient.builder()
                        .maxConnections(connections)
                        .connectionTimeout(CONNECT)
                        .connectionAcquisitionTimeout(CONNECT)
                        .connectionMaxIdleTime(IDLE)
                        .socketTimeout(SILENCE)
                        .tcpKeepAlive(true)
                        .build();
    }

    /** Does the work; its requests end with the invocation. */
    <R> R within(Ongoing ongoing, Supplier<R> work) {
        current.set(ongoing);
        try {
            return work.get();
        } finally {
            current.remove();
        }
    }

    /** The answer has more bytes than a function may answer. */
    static final class TooLargeException extends IOException {
        TooLargeException() {
            super("the answer has more than %d bytes".formatted(Invocation.MAX_PAYLOAD_BYTES));
        }
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = client.prepareRequest(request);
        Ongoing ongoing = current.get();
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                if (ongoing != null) {
                    ongoing.onEnd(prepared::abort);
                }
                return bounded(prepared.call());
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    private static HttpExecuteResponse bounded(HttpExecuteResponse response) {
        HttpExecuteResponse.Builder builder =
                HttpExecuteResponse.builder().response(response.httpResponse());
        response.responseBody()
                .ifPresent(
                        body ->
                                builder.responseBody(
                                        AbortableInputStream.create(new Bounded(body), body)));
        return builder.build();
    }

    /** Ends the connection instead of reading on. */
    private static final class Bounded extends FilterInputStream {
        private final AbortableInputStream body;
        private long left = Invocation.MAX_PAYLOAD_BYTES;

        Bounded(AbortableInputStream body) {
            super(body);
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            counted(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            counted(Math.max(0, read));
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = in.skip(count);
            counted(skipped);
            return skipped;
        }

        private void counted(long bytes) throws TooLargeException {
            left -= bytes;
            if (left < 0) {
                body.abort();
                throw new TooLargeException();
            }
        }
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
