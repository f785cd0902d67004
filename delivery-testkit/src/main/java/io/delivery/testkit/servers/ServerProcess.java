package io.delivery.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/**
 * A child process that listens on a free port of loopback. Its output goes to a file in its own
 * temporary directory, which is removed with it.
 */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final int ATTEMPTS = 3;

    private final Process process;
    private final Path directory;
    private final URI endpoint;
    private final Thread ender = new Thread(this::end);

    private ServerProcess(Process process, Path directory, URI endpoint) {
        this.process = process;
        this.directory = directory;
        this.endpoint = endpoint;
        Runtime.getRuntime().addShutdownHook(ender);
    }

    /** How to start a server in a directory of its own and on a port. */
    @FunctionalInterface
    interface Recipe {
        Command command(Path directory, int port) throws IOException;
    }

    /**
     * @param ready path that answers 200 when it is up; empty when any answer will do
     * @param trust for https; null for http
     */
    record Command(
            List<String> words, Map<String, String> environment, String ready, SSLContext trust) {
        Command(List<String> words, Map<String, String> environment, String ready) {
            this(words, environment, ready, null);
        }
    }

    static ServerProcess start(String name, Recipe recipe) {
        return start(name, ServerProcess::freePort, recipe);
    }

    /** Starts it where another one has been before, which has ended. */
    static ServerProcess startAt(int port, String name, Recipe recipe) {
        return start(name, () -> port, recipe);
    }

    /** Which port a server is to have. */
    @FunctionalInterface
    private interface Port {
        int number() throws IOException;
    }

    private static ServerProcess start(String name, Port port, Recipe recipe) {
        IllegalStateException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return startOnce(name, port.number(), recipe);
            } catch (IllegalStateException e) {
                last = e; // somebody else may have taken the port in between
            } catch (IOException e) {
                throw new UncheckedIOException(name + " cannot be started", e);
            }
        }
        throw last;
    }

    private static ServerProcess startOnce(String name, int port, Recipe recipe)
            throws IOException {
        Path directory = Files.createTempDirectory("delivery-" + name + "-");
        Command command = recipe.command(directory, port);
        Path output = directory.resolve("output.log");
        ProcessBuilder builder =
                new ProcessBuilder(command.words())
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().putAll(command.environment());
        String scheme = command.trust() == null ? "http" : "https";
        ServerProcess server =
                new ServerProcess(
                        builder.start(), directory, URI.create(scheme + "://127.0.0.1:" + port));
        try {
            server.await(name, command);
            return server;
        } catch (IllegalStateException e) {
            String said = Files.exists(output) ? Files.readString(output) : "";
            server.close();
            throw new IllegalStateException(
                    e.getMessage() + "\n" + said.substring(Math.max(0, said.length() - 4000)));
        }
    }

    /** A port of loopback that nobody has at this moment. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void await(String name, Command command) {
        long deadline = System.nanoTime() + START.toNanos();
        while (!answers(command)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(name + " does not answer after " + START);
            }
            if (hasEndedWithin(50)) {
                throw new IllegalStateException(
                        name + " ended at its start with " + process.exitValue());
            }
        }
    }

    private boolean hasEndedWithin(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private boolean answers(Command command) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection)
                            endpoint.resolve(command.ready().isEmpty() ? "/" : command.ready())
                                    .toURL()
                                    .openConnection();
            if (connection instanceof HttpsURLConnection https) {
                https.setSSLSocketFactory(command.trust().getSocketFactory());
            }
            connection.setConnectTimeout(2000);
            connection.setReadTimeout(10_000);
            int status = connection.getResponseCode();
            connection.disconnect();
            return command.ready().isEmpty() || status == 200;
        } catch (IOException e) {
            return false;
        }
    }

    URI endpoint() {
        return endpoint;
    }

    /** Its own, which goes with it. */
    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(ender);
        } catch (IllegalStateException e) {
            // the JVM is about to end, and the hook runs anyway
        }
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // A temporary directory that is still being written to; the system clears it.
        }
    }

    private void end() {
        List<ProcessHandle> family =
                Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        family.forEach(ProcessHandle::destroy);
        for (ProcessHandle member : family) {
            try {
                member.onExit().get(5, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                member.destroyForcibly();
            } catch (InterruptedException e) {
                member.destroyForcibly();
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
