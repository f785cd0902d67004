package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.machine.SystemClock;
import io.delivery.wiring.FirehoseSender;
import java.io.BufferedReader;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Row 13: the most memory that {@code delivery run} has resident with 128 MB buffers, 500
 * partitions and a backlog of 1 GB. The first process takes 1 GB over HTTP and is stopped with its
 * ranges open; the second begins with all of that as its backlog, takes a tenth more meanwhile, and
 * lands everything. The heap is the program's default.
 */
final class MemoryBenchmark {
    private static final int PARTITIONS = 500;
    private static final long BACKLOG_BYTES = 1_000_000_000L;
    private static final int SENDERS = 4;
    private static final String HEAP = System.getProperty("heap", "512m");

    private static final String CONFIGURATION =
            """
            server:
              api: 127.0.0.1:%d
              admin: 127.0.0.1:%d
              shutdown: {land: false}
            dataDir: data
            stores:
              lake: {directory: lake}
            streams:
              clicks:
                buffer: {size: 128MB, interval: 900s}
                partitioning: {query: '{customer_id: .customer_id}', activePartitionsLimit: 500}
                format: {raw: {delimiter: lines}}
                destination:
                  bucket: clicks
                  prefix: 'clicks/customer=!{partitionKeyFromQuery:customer_id}/'
                  errorPrefix: 'errors/!{firehose:error-output-type}/'
            """;

    private final Path configuration;
    private final URI api;
    private final URI admin;
    private final HttpClient http = HttpClient.newHttpClient();

    private MemoryBenchmark(Path folder) throws IOException {
        int apiPort = freePort();
        int adminPort = freePort();
        api = URI.create("http://127.0.0.1:" + apiPort);
        admin = URI.create("http://127.0.0.1:" + adminPort);
        configuration = folder.resolve("delivery.yaml");
        Files.writeString(configuration, CONFIGURATION.formatted(apiPort, adminPort));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static void run() throws Exception {
        Numbers.line("%s; the daemon's heap %s", Usage.machine(), HEAP);
        try (Scratch scratch = Scratch.open("memory")) {
            new MemoryBenchmark(scratch.folder()).measure();
        }
    }

    private void measure() throws Exception {
        Process first = start();
        long taken;
        try {
            double begun = System.nanoTime() / 1e9;
            taken = send(1, BACKLOG_BYTES);
            Numbers.line(
                    "1 GB taken over HTTP in %.0f s, %,d records: peak resident %s",
                    System.nanoTime() / 1e9 - begun,
                    taken,
                    Numbers.mebibytes(Usage.peakResidentBytes(first.pid())));
        } finally {
            stop(first);
        }
        Process second = start();
        try {
            long begun = System.nanoTime();
            long more = send(2, BACKLOG_BYTES / 10);
            flush();
            long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
            JsonNode books = books();
            Numbers.line(
                    "backlog and 0.1 GB more landed in %d s: peak resident %s",
                    seconds, Numbers.mebibytes(Usage.peakResidentBytes(second.pid())));
            Numbers.line("books %s", books);
            if (!books.path("balanced").asBoolean()
                    || books.path("landed").asLong() != taken + more) {
                throw new IllegalStateException(taken + more + " records were sent");
            }
        } finally {
            stop(second);
        }
    }

    private Process start() throws Exception {
        Process daemon =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx" + HEAP,
                                "-Xshare:auto",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.delivery.wiring.Main",
                                "run",
                                configuration.toString())
                        .redirectErrorStream(true)
                        .start();
        List<String> said = new ArrayList<>();
        Thread reader = new Thread(() -> read(daemon, said), "daemon-output");
        reader.setDaemon(true);
        reader.start();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!ready()) {
            if (!daemon.isAlive() || System.nanoTime() - deadline > 0) {
                daemon.destroy();
                synchronized (said) {
                    throw new IOException("delivery did not start: " + String.join("\n", said));
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        return daemon;
    }

    /** Keeps the first lines, and the pipe empty. */
    private static void read(Process daemon, List<String> said) {
        try (BufferedReader lines = daemon.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (said) {
                    if (said.size() < 50) {
                        said.add(line);
                    }
                }
                if (line.contains("WARN") || line.contains("ERROR")) {
                    System.err.println(line);
                }
            }
        } catch (IOException ended) {
            // It was stopped.
            if (daemon.isAlive()) {
                System.err.println("the daemon's output ended: " + ended.getMessage());
            }
        }
    }

    private boolean ready() throws InterruptedException {
        try {
            return get("/health/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void stop(Process daemon) throws InterruptedException {
        daemon.destroy();
        if (!daemon.waitFor(60, TimeUnit.SECONDS)) {
            daemon.destroyForcibly();
            throw new IllegalStateException("delivery did not stop within a minute");
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(admin.resolve(path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode books() throws IOException, InterruptedException {
        JsonNode answer = new ObjectMapper().readTree(get("/streams").body());
        return answer.findPath("lanes").path(0).path("books");
    }

    private void flush() throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(admin.resolve("/streams/clicks/flush"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("flush was answered " + answer.statusCode() + answer.body());
        }
    }

    /** Sends so many bytes; returns how many records that were. */
    private long send(int seed, long bytes) throws Exception {
        List<Sending> all = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            Sending sending = new Sending(seed * 100L + i, bytes / SENDERS);
            all.add(sending);
            sending.start();
        }
        long records = 0;
        for (Sending sending : all) {
            sending.join();
            if (sending.failure != null) {
                throw sending.failure;
            }
            records += sending.records;
        }
        return records;
    }

    private final class Sending extends Thread {
        private final long seed;
        private final long bytes;
        private long records;
        private Exception failure;

        Sending(long seed, long bytes) {
            this.seed = seed;
            this.bytes = bytes;
        }

        @Override
        public void run() {
            try {
                FirehoseSender sender =
                        new FirehoseSender(api, "us-east-1", Optional.empty(), new SystemClock());
                Clickstream clicks = Clickstream.uniform(seed, PARTITIONS);
                long sent = 0;
                while (sent < bytes) {
                    List<byte[]> batch = new ArrayList<>(Clickstream.BATCH_RECORDS);
                    for (int i = 0; i < Clickstream.BATCH_RECORDS; i++) {
                        byte[] record = clicks.record();
                        batch.add(record);
                        sent += record.length;
                    }
                    if (sender.put("clicks", batch).stream().anyMatch(Optional::isPresent)) {
                        throw new IOException("some records were not accepted");
                    }
                    records += batch.size();
                }
            } catch (Exception failed) {
                failure = failed;
            }
        }
    }
}
