package io.delivery.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** MinIO as a process of its own, where {@code .ci/tools} has put it into the tools folder. */
final class MinioProcess implements AutoCloseable {
    static final String ACCESS_KEY_ID = "lake";
    static final String SECRET_ACCESS_KEY = "lake-secret";

    private static final Duration START = Duration.ofSeconds(90);

    private final Process process;
    private final URI uri;

    private MinioProcess(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /**
     * Returns when it answers; empty where it is not installed.
     *
     * @param folder for its data and its log
     */
    static Optional<MinioProcess> start(Path folder) throws IOException, InterruptedException {
        Path executable = tools().resolve("bin/minio");
        if (!Files.isExecutable(executable)) {
            return Optional.empty();
        }
        String address = "127.0.0.1:" + Daemon.freePort();
        Path log = folder.resolve("minio.log");
        ProcessBuilder builder =
                new ProcessBuilder(
                                List.of(
                                        executable.toString(),
                                        "server",
                                        "--quiet",
                                        "--address",
                                        address,
                                        folder.resolve("minio").toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment()
                .putAll(
                        Map.of(
                                "MINIO_ROOT_USER",
                                ACCESS_KEY_ID,
                                "MINIO_ROOT_PASSWORD",
                                SECRET_ACCESS_KEY,
                                "MINIO_BROWSER",
                                "off",
                                "MINIO_UPDATE",
                                "off",
                                "HOME",
                                folder.toString()));
        MinioProcess minio = new MinioProcess(builder.start(), URI.create("http://" + address));
        minio.awaitReady(log);
        return Optional.of(minio);
    }

    private static Path tools() {
        String given = System.getenv("DELIVERY_TOOLS");
        return given == null || given.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "delivery-tools")
                : Path.of(given);
    }

    private void awaitReady(Path log) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest health = HttpRequest.newBuilder(uri.resolve("/minio/health/cluster")).build();
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady(http, health)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                close();
                throw new IOException("MinIO did not start:\n" + Files.readString(log));
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static boolean isReady(HttpClient http, HttpRequest health)
            throws InterruptedException {
        try {
            return http.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    URI uri() {
        return uri;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
