package io.delivery.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A function behind HTTP that drops every record, and answers nothing while it is held: the lane of
 * a stream that has it waits then, and the stream does nothing but accept.
 */
final class HeldFunction implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile CompletableFuture<Void> released = CompletableFuture.completedFuture(null);

    HeldFunction() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    void hold() {
        released = new CompletableFuture<>();
    }

    void release() {
        released.complete(null);
    }

    private void answer(HttpExchange call) throws IOException {
        byte[] answer = dropped(call.getRequestBody().readAllBytes());
        released.join();
        call.sendResponseHeaders(200, answer.length);
        call.getResponseBody().write(answer);
        call.close();
    }

    /** The answer of a transformation that drops all records of the event. */
    static byte[] dropped(byte[] event) throws IOException {
        List<String> results = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(event)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && parser.currentName().equals("recordId")) {
                    results.add(
                            "{\"recordId\":\"%s\",\"result\":\"Dropped\",\"data\":\"\"}"
                                    .formatted(parser.nextTextValue()));
                }
            }
        }
        return "{\"records\":[%s]}"
                .formatted(String.join(",", results))
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
