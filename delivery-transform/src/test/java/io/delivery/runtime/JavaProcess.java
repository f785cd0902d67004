package io.delivery.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A process of a Java function, and the Runtime API that it asks for events. */
final class JavaProcess implements AutoCloseable {
    /** As an event of Lambda has: a context tells what is left as an int of milliseconds. */
    private static final long TIME_MILLIS = 60_000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Map<String, Event> underWay = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger asking = new AtomicInteger();
    private final CompletableFuture<String> initError = new CompletableFuture<>();
    private final Process process;
    private final Path output;

    /** An event and what becomes of it: {@code response …} or {@code error …}. */
    private record Event(
            String id, byte[] bytes, boolean breaks, CompletableFuture<String> outcome) {}

    private JavaProcess(HttpServer server, Process process, Path output) {
        this.server = server;
        this.process = process;
        this.output = output;
    }

    /**
     * @param code folder as Lambda has it
     * @param folder for what the process needs
     */
    static JavaProcess start(Path code, String handler, int slots, Path folder) throws IOException {
        return start(code, handler, slots, 256L << 20, folder);
    }

    static JavaProcess start(Path code, String handler, int slots, long memory, Path folder)
            throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Launch launch =
                new JavaLauncher()
                        .launch(new Deployment(code, Optional.of(handler), memory, slots, folder));
        Path output = folder.resolve("output.log");
        ProcessBuilder builder =
                new ProcessBuilder(launch.command())
                        .directory(code.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        builder.environment()
                .putAll(
                        Map.of(
                                "AWS_LAMBDA_RUNTIME_API",
                                "127.0.0.1:" + server.getAddress().getPort(),
                                "_HANDLER",
                                handler,
                                "LAMBDA_TASK_ROOT",
                                code.toString(),
                                "AWS_LAMBDA_FUNCTION_NAME",
                                "test",
                                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                "128"));
        JavaProcess started = new JavaProcess(server, builder.start(), output);
        server.createContext("/2018-06-01/runtime/", started::handle);
        server.setExecutor(started.threads);
        server.start();
        return started;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (breaks(exchange)) {
                return;
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            String text = new String(body, StandardCharsets.UTF_8);
            List<String> path =
                    List.of(exchange.getRequestURI().getPath().split("/runtime/")[1].split("/"));
            if (path.equals(List.of("invocation", "next"))) {
                give(exchange);
                return;
            }
            if (path.equals(List.of("init", "error"))) {
                initError.complete(text);
            } else {
                underWay.remove(path.get(1)).outcome().complete(path.get(2) + " " + text);
            }
            exchange.sendResponseHeaders(202, -1);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Then the connection ends before the answer is read. */
    private boolean breaks(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        for (Event event : underWay.values()) {
            if (event.breaks() && path.contains("/" + event.id() + "/")) {
                event.outcome().complete("broken");
                return true;
            }
        }
        return false;
    }

    private void give(HttpExchange exchange) throws IOException, InterruptedException {
        asking.incrementAndGet();
        Event event = events.take();
        asking.decrementAndGet();
        underWay.put(event.id(), event);
        exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", event.id());
        long deadline = System.currentTimeMillis() + TIME_MILLIS;
        exchange.getResponseHeaders().set("Lambda-Runtime-Deadline-Ms", Long.toString(deadline));
        exchange.getResponseHeaders()
                .set(
                        "Lambda-Runtime-Invoked-Function-Arn",
                        "arn:aws:lambda:us-east-1:000000000000:function:test");
        exchange.sendResponseHeaders(200, event.bytes().length);
        exchange.getResponseBody().write(event.bytes());
    }

    /** {@code response …} or {@code error …}. */
    CompletableFuture<String> send(String event) {
        return send(event, false);
    }

    /** The connection breaks when its answer is sent. */
    CompletableFuture<String> sendAndBreak(String event) {
        return send(event, true);
    }

    private CompletableFuture<String> send(String event, boolean breaks) {
        Event sent =
                new Event(
                        "request-" + ids.incrementAndGet(),
                        event.getBytes(StandardCharsets.UTF_8),
                        breaks,
                        new CompletableFuture<>());
        events.add(sent);
        return sent.outcome();
    }

    String outcome(String event) throws Exception {
        return patiently(send(event));
    }

    /** Until it is there, or the process ends. */
    String patiently(CompletableFuture<String> future) throws Exception {
        CompletableFuture.anyOf(future, process.onExit()).get(60, TimeUnit.SECONDS);
        if (!future.isDone()) {
            throw new AssertionError("it ended with " + process.exitValue() + ":\n" + output());
        }
        return future.get();
    }

    CompletableFuture<String> initError() {
        return initError;
    }

    /** Requests for an event that nobody has given one yet. */
    int asking() {
        return asking.get();
    }

    /** Nobody answers any more. */
    void endApi() {
        server.stop(0);
    }

    int exit() throws Exception {
        return process.onExit().get(60, TimeUnit.SECONDS).exitValue();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly().onExit().get(30, TimeUnit.SECONDS);
        server.stop(0);
        threads.shutdownNow();
    }
}
