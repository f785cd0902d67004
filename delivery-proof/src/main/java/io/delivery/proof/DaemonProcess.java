package io.delivery.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code delivery run FILE} as a process of its own. The configuration should ask for port 0; which
 * ports it got is read from its log. Ended with {@link #close()}, and when this JVM ends.
 */
public final class DaemonProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern STARTED = Pattern.compile("started: api=(\\S+) admin=(\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Thread ender;
    private final StringBuffer log = new StringBuffer();
    private final CompletableFuture<Matcher> started = new CompletableFuture<>();
    private final CompletableFuture<Void> logEnded = new CompletableFuture<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private URI api;
    private URI admin;

    private DaemonProcess(Process process) {
        this.process = process;
        this.ender = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(ender);
        Thread reader = new Thread(this::collect, "log of daemon " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it and waits until it says that it has started.
     *
     * @throws DaemonException when it has not within a minute
     */
    public static DaemonProcess start(DaemonCommand command, Path config) throws IOException {
        DaemonProcess daemon = launch(command, config);
        try {
            return daemon.awaitStarted();
        } catch (DaemonException failed) {
            daemon.close();
            throw failed;
        }
    }

    /** Starts it and does not wait. */
    public static DaemonProcess launch(DaemonCommand command, Path config) throws IOException {
        return new DaemonProcess(command.process(List.of("run", config.toString())).start());
    }

    private void collect() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said(line);
            }
        } catch (IOException ended) {
            said("log cut: " + ended.getMessage());
        }
        started.completeExceptionally(new IllegalStateException("it ended before it had started"));
        logEnded.complete(null);
    }

    private void said(String line) {
        synchronized (log) {
            log.append(line).append('\n');
            log.notifyAll();
        }
        Matcher matcher = STARTED.matcher(line);
        if (matcher.find()) {
            started.complete(matcher);
        }
    }

    /**
     * @throws DaemonException when it has not started within a minute
     */
    public DaemonProcess awaitStarted() {
        try {
            Matcher line = started.get(START.toSeconds(), TimeUnit.SECONDS);
            api = URI.create(line.group(1));
            admin = URI.create(line.group(2));
            return this;
        } catch (ExecutionException | TimeoutException failed) {
            throw new DaemonException("the daemon has not started", log());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public URI api() {
        return api;
    }

    public URI admin() {
        return admin;
    }

    public long pid() {
        return process.pid();
    }

    /** What it has said so far, and all of it once it has ended. */
    public String log() {
        return log.toString();
    }

    /**
     * Waits until its log says this.
     *
     * @throws DaemonException when it has not within a minute
     */
    public void awaitLog(String text) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        synchronized (log) {
            while (log.indexOf(text) < 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new DaemonException("the daemon never said: " + text, log());
                }
                log.wait(left);
            }
        }
    }

    /**
     * Lets it live this long.
     *
     * @throws DaemonException when it ends by itself meanwhile
     */
    public void live(Duration duration) throws InterruptedException {
        if (process.waitFor(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            logEnded.join();
            throw new DaemonException(
                    "the daemon ended by itself with exit code " + process.exitValue(), log());
        }
    }

    /** {@code kill -9}. Returns when it is gone. */
    public void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
        logEnded.join();
    }

    /** SIGTERM. Does not wait. */
    public void terminate() {
        // Process.destroy would close our end of its log.
        process.toHandle().destroy();
    }

    /**
     * Waits for its end.
     *
     * @throws DaemonException when it does not end within a minute
     */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
            throw new DaemonException("the daemon does not end", log());
        }
        logEnded.join();
        return process.exitValue();
    }

    /** Waits for its end, no longer than this; false when it lives on. */
    boolean endsWithin(Duration duration) throws InterruptedException {
        if (!process.waitFor(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        logEnded.join();
        return true;
    }

    /** Lands all that the stream has, within a minute. */
    public void flush(String stream) throws IOException, InterruptedException {
        flush(stream, START);
    }

    /**
     * Lands all that the stream has.
     *
     * @throws java.net.http.HttpTimeoutException when it takes longer
     * @throws DaemonException when it is refused
     */
    public void flush(String stream, Duration timeout) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(admin.resolve("/streams/" + stream + "/flush"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .timeout(timeout)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new DaemonException("flush of " + stream + ": " + answer.body(), log());
        }
    }

    /** What the admin port says of a stream. */
    public JsonNode status(String stream) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                http.send(
                        HttpRequest.newBuilder(admin.resolve("/streams/" + stream))
                                .timeout(START)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        return JSON.readTree(answer.body());
    }

    /** The books of a lane, the first one being main. */
    public JsonNode books(String stream, int lane) throws IOException, InterruptedException {
        return status(stream).path("lanes").path(lane).path("books");
    }

    /**
     * The sum of a metric over all that have this value in one of their labels.
     *
     * @return 0 when there is none
     */
    public double metric(String name, String label) throws IOException, InterruptedException {
        HttpResponse<String> page =
                http.send(
                        HttpRequest.newBuilder(admin.resolve("/metrics")).timeout(START).build(),
                        HttpResponse.BodyHandlers.ofString());
        return page.body()
                .lines()
                .filter(line -> line.startsWith(name + "{") && line.contains("\"" + label + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(ender);
        } catch (IllegalStateException ending) {
            // this JVM ends, and the hook with it
        }
    }
}
