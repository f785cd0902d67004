package io.delivery.benchmarks;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * As much of S3 as one delivery needs, and its bad days: PUT under the condition, HEAD, buckets
 * that are always there. It remembers names, lengths and user metadata and throws the bytes away,
 * so that an hour of objects fits into memory. Objects up to one part only.
 */
final class FaultyS3 implements AutoCloseable {
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final String METADATA = "x-amz-meta-";

    enum Weather {
        FINE,
        /** 503 SlowDown for everything. */
        OVERLOADED,
        /** Connections end without an answer, nothing is stored. */
        RESETTING,
        /** Stores, and answers 500. */
        FORGETFUL,
        /** Answers after two seconds. */
        SLOW
    }

    private record Stored(long length, Map<String, String> metadata) {}

    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final String scheme;
    private volatile Weather weather = Weather.FINE;

    FaultyS3() throws IOException {
        this(HttpServer.create(address(), 100), "http");
    }

    /** Over https. */
    FaultyS3(SSLContext tls) throws IOException {
        this(secure(tls), "https");
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static HttpServer secure(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(address(), 100);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return server;
    }

    private FaultyS3(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
    }

    void weather(Weather next) {
        weather = next;
    }

    int objects() {
        return objects.size();
    }

    private void answer(HttpExchange call) throws IOException {
        long length = call.getRequestBody().transferTo(OutputStream.nullOutputStream());
        switch (weather) {
            case FINE -> act(call, length);
            case OVERLOADED -> refuse(call, 503, "SlowDown");
            case RESETTING -> call.close();
            case FORGETFUL -> {
                if (call.getRequestMethod().equals("PUT")) {
                    store(call, length);
                }
                refuse(call, 500, "InternalError");
            }
            case SLOW -> {
                LockSupport.parkNanos(SLOW.toNanos());
                act(call, length);
            }
        }
    }

    private void act(HttpExchange call, long length) throws IOException {
        switch (call.getRequestMethod()) {
            case "PUT" -> {
                if (store(call, length)) {
                    call.getResponseHeaders().set("ETag", "\"0\"");
                    empty(call, 200);
                } else {
                    refuse(call, 412, "PreconditionFailed");
                }
            }
            case "HEAD" -> {
                Stored there = objects.get(call.getRequestURI().getPath());
                if (there != null) {
                    Headers headers = call.getResponseHeaders();
                    headers.set("Content-Length", Long.toString(there.length()));
                    there.metadata().forEach(headers::set);
                }
                empty(call, there == null ? 404 : 200);
            }
            default -> refuse(call, 501, "NotImplemented");
        }
    }

    private boolean store(HttpExchange call, long length) {
        Map<String, String> metadata = new TreeMap<>();
        call.getRequestHeaders()
                .forEach(
                        (name, values) -> {
                            if (name.regionMatches(true, 0, METADATA, 0, METADATA.length())) {
                                metadata.put(name, values.get(0));
                            }
                        });
        return objects.putIfAbsent(call.getRequestURI().getPath(), new Stored(length, metadata))
                == null;
    }

    private static void empty(HttpExchange call, int status) throws IOException {
        call.sendResponseHeaders(status, -1);
        call.close();
    }

    private static void refuse(HttpExchange call, int status, String code) throws IOException {
        if (call.getRequestMethod().equals("HEAD")) {
            empty(call, status);
            return;
        }
        byte[] body =
                "<Error><Code>%s</Code><Message>%s</Message></Error>"
                        .formatted(code, code)
                        .getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders().set("Content-Type", "application/xml");
        call.sendResponseHeaders(status, body.length);
        call.getResponseBody().write(body);
        call.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
