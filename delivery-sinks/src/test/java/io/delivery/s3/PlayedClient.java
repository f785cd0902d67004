package io.delivery.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/** A client without a server: a test says what becomes of each request. */
final class PlayedClient implements SdkHttpClient {
    /** What becomes of a request. */
    interface Play {
        HttpExecuteResponse of(SdkHttpRequest request) throws IOException;
    }

    private final Queue<SdkHttpRequest> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger held = new AtomicInteger();
    private volatile Play play = request -> taken();

    void plays(Play next) {
        play = next;
    }

    HttpExecuteResponse taken() {
        return answer(200, "");
    }

    HttpExecuteResponse refused(int status, String code) {
        return answer(status, "<Error><Code>" + code + "</Code><Message>no</Message></Error>");
    }

    private HttpExecuteResponse answer(int status, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        held.incrementAndGet();
        AtomicInteger left = new AtomicInteger(1);
        ByteArrayInputStream read =
                new ByteArrayInputStream(body) {
                    @Override
                    public void close() {
                        held.addAndGet(-left.getAndSet(0));
                    }
                };
        return HttpExecuteResponse.builder()
                .response(
                        SdkHttpResponse.builder()
                                .statusCode(status)
                                .putHeader("ETag", "\"e\"")
                                .putHeader("Content-Type", "application/xml")
                                .putHeader("Content-Length", Integer.toString(body.length))
                                .build())
                .responseBody(
                        AbortableInputStream.create(read, () -> held.addAndGet(-left.getAndSet(0))))
                .build();
    }

    List<SdkHttpRequest> requests() {
        return List.copyOf(requests);
    }

    SdkHttpRequest last() {
        List<SdkHttpRequest> all = requests();
        return all.get(all.size() - 1);
    }

    /** Answers that were neither closed nor aborted: each has a connection. */
    int held() {
        return held.get();
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                requests.add(request.httpRequest());
                return play.of(request.httpRequest());
            }

            @Override
            public void abort() {}
        };
    }

    @Override
    public void close() {}
}
