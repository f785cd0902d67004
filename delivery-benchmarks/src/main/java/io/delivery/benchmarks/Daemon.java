package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * {@code delivery run} as a process of its own, which can be started again on the same folder. Its
 * output is in {@code daemon.log} there.
 */
final class Daemon {
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(60);

    /** Those of the launcher, {@code bin/delivery}. */
    static final List<String> OPTIONS =
            List.of(
                    "-XX:GCTimeRatio=4",
                    "-XX:MinHeapFreeRatio=10",
                    "-XX:MaxHeapFreeRatio=30",
                    "-XX:+ExitOnOutOfMemoryError");

    private final Path folder;
    private final String heap;
    private final List<String> options;
    private final URI api;
    private final URI admin;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;

    /**
     * Writes the configuration; starts nothing.
     *
     * @param configuration YAML with two {@code %d}: ports for the API and the admin
     * @param options of its JVM
     */
    Daemon(Path folder, String configuration, String heap, List<String> options)
            throws IOException {
        this.folder = folder;
        this.heap = heap;
        this.options = options;
        int apiPort = freePort();
        int adminPort = freePort();
        api = URI.create("http://127.0.0.1:" + apiPort);
        admin = URI.create("http://127.0.0.1:" + adminPort);
        Files.writeString(
                folder.resolve("delivery.yaml"), configuration.formatted(apiPort, adminPort));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    URI api() {
        return api;
    }

    Path folder() {
        return folder;
    }

    long pid() {
        return process.pid();
    }

    /** Returns when it is ready. */
    void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.addAll(OPTIONS);
        command.addAll(options);
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.delivery.wiring.Main",
                        "run",
                        folder.resolve("delivery.yaml").toString()));
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                        .start();
        long deadline = System.nanoTime() + START.toNanos();
        while (!ready()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                process.destroyForcibly().waitFor();
                throw new IOException("delivery did not start:\n" + Files.readString(log()));
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private Path log() {
        return folder.resolve("daemon.log");
    }

    /** What it has complained about. */
    List<String> complaints(String level) throws IOException {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> line.contains(level)).toList();
        }
    }

    private boolean ready() throws InterruptedException {
        try {
            return get("/health/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** SIGTERM, and the wait for its end. */
    void stop() throws InterruptedException {
        if (process == null || !process.isAlive()) {
            return;
        }
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("delivery did not stop within a minute");
        }
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(admin.resolve(path)).timeout(START).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    JsonNode streams() throws IOException, InterruptedException {
        return new ObjectMapper().readTree(get("/streams").body()).path("streams");
    }

    /** Returns when all that this stream has accepted by now has landed. */
    void flush(String stream) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(admin.resolve("/streams/" + stream + "/flush"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("flush was answered " + answer.statusCode() + answer.body());
        }
    }
}
