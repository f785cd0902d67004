package io.delivery.invoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server beside, which has the function of the contract suite: it obeys its event, and answers as
 * the Invoke of AWS Lambda does.
 */
final class FunctionServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    task -> {
                        Thread thread = new Thread(task, "function server");
                        thread.setDaemon(true);
                        return thread;
                    });

    private FunctionServer(HttpServer server) {
        this.server = server;
    }

    static FunctionServer start() throws IOException {
        FunctionServer function =
                new FunctionServer(
                        HttpServer.create(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        function.server.createContext("/", function::handle);
        function.server.setExecutor(function.threads);
        function.server.start();
        return function;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode event = JSON.readTree(exchange.getRequestBody());
            String text = event.path("text").asText();
            switch (event.path("do").asText()) {
                case "echo" -> answer(exchange, JSON.writeValueAsBytes(text));
                case "length" -> answer(exchange, JSON.writeValueAsBytes(text.length()));
                case "fill" ->
                        answer(
                                exchange,
                                JSON.writeValueAsBytes("x".repeat(event.path("size").asInt())));
                case "request" ->
                        answer(
                                exchange,
                                JSON.writeValueAsBytes(
                                        exchange.getRequestHeaders().getFirst("X-Amzn-RequestId")));
                case "throw" -> fail(exchange, text);
                case "hang" -> end.await();
                case "exit" -> throw new IOException("ends without an answer");
                default -> answer(exchange, JSON.writeValueAsBytes(text));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fail(HttpExchange exchange, String text) throws IOException {
        String log = "START RequestId: 1 Version: 1\n[ERROR] ValueError: %s\nEND RequestId: 1\n";
        byte[] lines = log.formatted(text).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
        exchange.getResponseHeaders()
                .set("X-Amz-Log-Result", Base64.getEncoder().encodeToString(lines));
        String error = "{\"errorMessage\":\"%s\",\"errorType\":\"ValueError\"}".formatted(text);
        answer(exchange, error.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
