package io.delivery.glue;

import io.delivery.failure.FailureText;
import io.delivery.world.Scheduler;
import java.io.FilterInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executor;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/**
 * An HTTP client whose answers are bounded in time and length: a request that takes too long ends
 * with its connection, before the head of the answer, within its body or before both. Follows no
 * redirect, repeats nothing.
 */
final class GlueHttp implements SdkHttpClient {
    /** How long one request may take, with its whole answer. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** A table with thousands of columns has some hundred kB. */
    static final int MAX_ANSWER_BYTES = 8 << 20;

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** A connection that a server may have closed meanwhile is better not used again. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final SdkHttpClient client;
    private final Scheduler scheduler;
    private final Executor timeouts;
    private final Duration limit;

    /**
     * @param limit how long one request may take
     */
    GlueHttp(Scheduler scheduler, Duration limit) {
        this.client =
                Apache5HttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .connectionAcquisitionTimeout(CONNECT)
                        .connectionMaxIdleTime(IDLE)
                        .socketTimeout(limit)
                        .build();
        this.scheduler = scheduler;
        this.timeouts = scheduler.pool("glue-timeouts", 1);
        this.limit = limit;
    }

    /** The network gave no whole answer; what else fails has another cause. */
    static class NoAnswerException extends IOException {
        private static final long serialVersionUID = 1L;

        private NoAnswerException(String message, Exception cause) {
            super(message, cause);
        }
    }

    /** No whole answer within the time. */
    static final class LateException extends NoAnswerException {
        private static final long serialVersionUID = 1L;

        private LateException(Duration limit, Exception cause) {
            super("no whole answer came within %d s".formatted(limit.toSeconds()), cause);
        }
    }

    /** The answer is longer than any table. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        private TooLargeException() {
            super("the answer has more than %d bytes".formatted(MAX_ANSWER_BYTES));
        }
    }

    private NoAnswerException noAnswer(TimeLimit time, Exception failed) {
        return time.isOver() || failed instanceof SocketTimeoutException
                ? new LateException(limit, failed)
                : new NoAnswerException(FailureText.of(failed), failed);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = client.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                TimeLimit time = new TimeLimit(prepared);
                HttpExecuteResponse response;
                try {
                    response = prepared.call();
                } catch (IOException | RuntimeException failed) {
                    time.end();
                    throw noAnswer(time, failed);
                }
                return bounded(response, time);
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    /** Closes the connection of a request when its time is over. */
    private final class TimeLimit {
        private final Scheduler.Cancellable timer;
        private volatile boolean over;

        TimeLimit(ExecutableHttpRequest request) {
            timer =
                    scheduler.after(
                            limit,
                            timeouts,
                            () -> {
                                over = true;
                                request.abort();
                            });
        }

        boolean isOver() {
            return over;
        }

        void end() {
            timer.cancel();
        }
    }

    private HttpExecuteResponse bounded(HttpExecuteResponse response, TimeLimit time) {
        HttpExecuteResponse.Builder builder =
                HttpExecuteResponse.builder().response(response.httpResponse());
        response.responseBody()
                .ifPresentOrElse(
                        body ->
                                builder.responseBody(
                                        AbortableInputStream.create(new Bounded(body, time), body)),
                        time::end);
        return builder.build();
    }

    /** Ends the connection instead of reading on. */
    private final class Bounded extends FilterInputStream {
        private final AbortableInputStream body;
        private final TimeLimit time;
        private long left = MAX_ANSWER_BYTES;

        Bounded(AbortableInputStream body, TimeLimit time) {
            super(body);
            this.body = body;
            this.time = time;
        }

        /** Reads some bytes. */
        private interface Read {
            int bytes() throws IOException;
        }

        private int inTime(Read read) throws IOException {
            try {
                return read.bytes();
            } catch (IOException failed) {
                throw noAnswer(time, failed);
            }
        }

        @Override
        public int read() throws IOException {
            int read = inTime(in::read);
            counted(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = inTime(() -> in.read(bytes, offset, length));
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

        @Override
        public void close() throws IOException {
            time.end();
            super.close();
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
