package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.wiring.Main;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code delivery run FILE} as a process of its own, on the class path of the test. The
 * configuration should ask for port 0; which ports it got is read from its log. Ended with {@link
 * #close()}, and when the test's JVM ends.
 */
final class DaemonProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern STARTED = Pattern.compile("started: api=(\\S+) admin=(\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Starts fast; its speed under load is not what is tested. */
    private static final List<String> SMALL =
            List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

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

    /** Starts it and waits until it says that it has started. */
    static DaemonProcess start(Path config) throws IOException {
        DaemonProcess daemon = launch(config);
        try {
            return daemon.awaitStarted();
        } catch (AssertionError failed) {
            daemon.close();
            throw failed;
        }
    }

    /** Starts it and does not wait. */
    static DaemonProcess launch(Path config, String... jvmArguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL);
        command.addAll(List.of(jvmArguments));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Main.class.getName(), "run", config.toString()));
        return new DaemonProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void collect() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.append(line).append('\n');
                Matcher matcher = STARTED.matcher(line);
                if (matcher.find()) {
                    started.complete(matcher);
                }
            }
        } catch (IOException ended) {
            log.append("log cut: ").append(ended.getMessage()).append('\n');
        }
        started.completeExceptionally(new IllegalStateException("it ended before it had started"));
        logEnded.complete(null);
    }

    DaemonProcess awaitStarted() {
        try {
            Matcher line = started.get(START.toSeconds(), TimeUnit.SECONDS);
            api = URI.create(line.group(1));
            admin = URI.create(line.group(2));
            return this;
        } catch (ExecutionException | TimeoutException failed) {
            throw new AssertionError("the daemon has not started:\n" + log, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    URI api() {
        return api;
    }

    URI admin() {
        return admin;
    }

    long pid() {
        return process.pid();
    }

    /** What it has said so far, and all of it once it has ended. */
    String log() {
        return log.toString();
    }

    /** Lets it live this long; fails if it ends by itself meanwhile. */
    void live(Duration duration) throws InterruptedException {
        boolean ended = process.waitFor(duration.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(ended).as("the daemon ended by itself:\n%s", log).isFalse();
    }

    /** {@code kill -9}. Returns when it is gone. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
        logEnded.join();
    }

    /** SIGTERM. Does not wait. */
    void terminate() {
        // Process.destroy would close our end of its log.
        process.toHandle().destroy();
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        boolean ended = process.waitFor(START.toSeconds(), TimeUnit.SECONDS);
        assertThat(ended).as("the daemon does not end:\n%s", log).isTrue();
        logEnded.join();
        return process.exitValue();
    }

    /** Lands all that the stream has. */
    void flush(String stream) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(admin.resolve("/streams/" + stream + "/flush"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .timeout(START)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode())
                .as("flush of %s: %s\n%s", stream, answer.body(), log)
                .isEqualTo(200);
    }

    /** What the admin port says of a stream. */
    JsonNode status(String stream) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                http.send(
                        HttpRequest.newBuilder(admin.resolve("/streams/" + stream)).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        return JSON.readTree(answer.body());
    }

    /** The books of a lane, the first one being main. */
    JsonNode books(String stream, int lane) throws IOException, InterruptedException {
        return status(stream).path("lanes").path(lane).path("books");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(ender);
    }
}
