package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.cli.FirehoseEndpoint;
import io.delivery.machine.SystemClock;
import io.delivery.wiring.FirehoseSender;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * What a function costs in each runtime: the same one, which ends each record with a line feed, in
 * Python, Node, Java and C, and in Python behind HTTP, beside a stream without a function. One
 * daemon, a stream for each, batches as by default; records are sent over HTTP and it is measured
 * until they have landed.
 */
final class FunctionsBenchmark {
    private static final long BYTES = Long.getLong("mb", 60) * 1_000_000;
    private static final int SENDERS = 2;
    private static final int BATCHES = 20;
    private static final Duration COME_AGAIN = Duration.ofMillis(20);
    private static final Path C_SOURCE =
            Path.of("../config-examples/functions/provided/bootstrap.c");

    /** Where the function runs. */
    private enum Kind {
        NONE("no function", ""),
        PYTHON("python", "runtime: python, code: python, handler: line_feed.handler"),
        NODE("nodejs", "runtime: nodejs, code: nodejs, handler: line-feed.handler"),
        JAVA(
                "java",
                "runtime: java, code: java, handler: 'LineFeed::handleRequest', memory: 256MB"),
        PROVIDED("provided, in C", "runtime: provided, code: provided"),
        ENDPOINT("endpoint, in Python", "endpoint: 'http://127.0.0.1:%d/'");

        private final String title;
        private final String yaml;

        Kind(String title, String yaml) {
            this.title = title;
            this.yaml = yaml;
        }

        String stream() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What one round of one kind was like. */
    private record Round(long records, double seconds, double cpuSeconds) {
        double recordsPerSecond() {
            return records / seconds;
        }

        double cpuMillisPerMegabyte() {
            return cpuSeconds * 1e3 / Statistics.megabytes(BYTES);
        }
    }

    private final Path folder;
    private final List<List<byte[]>> batches = new ArrayList<>();

    private FunctionsBenchmark(Path folder) {
        this.folder = folder;
        Clickstream clicks = Clickstream.uniform(1, 1000);
        for (int b = 0; b < BATCHES; b++) {
            List<byte[]> batch = new ArrayList<>();
            for (int r = 0; r < Clickstream.BATCH_RECORDS; r++) {
                batch.add(clicks.record());
            }
            batches.add(batch);
        }
    }

    static void run(int rounds) throws Exception {
        Statistics.line(
                "%s; %.0f MB in each round, two invocations at a time",
                Usage.machine(), Statistics.megabytes(BYTES));
        try (Scratch scratch = Scratch.open("functions")) {
            new FunctionsBenchmark(scratch.folder()).measure(rounds);
        }
    }

    // --- what runs here ---

    /** Those whose runtime this machine has; their code is in the folder then. */
    private Set<Kind> kinds() throws IOException, InterruptedException {
        Set<Kind> kinds = EnumSet.allOf(Kind.class);
        write("line_feed.py", folder.resolve("python/line_feed.py"));
        write("line-feed.mjs", folder.resolve("nodejs/line-feed.mjs"));
        write("LineFeed.java.txt", folder.resolve("java/LineFeed.java"));
        if (!succeeds("python3", "--version")) {
            kinds.removeAll(Set.of(Kind.PYTHON, Kind.ENDPOINT));
        }
        if (!succeeds("node", "--version")) {
            kinds.remove(Kind.NODE);
        }
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        Path source = folder.resolve("java/LineFeed.java");
        if (javac == null || javac.run(null, null, null, source.toString()) != 0) {
            kinds.remove(Kind.JAVA);
        }
        Path bootstrap = folder.resolve("provided/bootstrap");
        Files.createDirectories(bootstrap.getParent());
        if (!succeeds("cc", "-O2", "-o", bootstrap.toString(), C_SOURCE.toString())) {
            kinds.remove(Kind.PROVIDED);
        }
        EnumSet.complementOf(EnumSet.copyOf(kinds))
                .forEach(kind -> Statistics.line("not here: %s", kind.title));
        return kinds;
    }

    private static void write(String resource, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (InputStream in =
                FunctionsBenchmark.class.getResourceAsStream("functions/" + resource)) {
            Files.copy(in, file);
        }
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    // --- measuring ---

    private void measure(int rounds) throws Exception {
        Set<Kind> kinds = kinds();
        Optional<Process> server =
                kinds.contains(Kind.ENDPOINT)
                        ? Optional.of(
                                new ProcessBuilder(
                                                "python3",
                                                folder.resolve("python/line_feed.py").toString())
                                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                                        .start())
                        : Optional.empty();
        try {
            int port = server.isPresent() ? port(server.get()) : 0;
            Daemon daemon = new Daemon(folder, configuration(kinds, port), "512m", List.of());
            daemon.start();
            try {
                measure(rounds, kinds, daemon, server);
            } finally {
                daemon.stop();
            }
        } finally {
            server.ifPresent(Process::destroyForcibly);
        }
    }

    private static int port(Process server) throws IOException {
        StringBuilder said = new StringBuilder();
        for (int c = server.getInputStream().read(); c > ' '; c = server.getInputStream().read()) {
            said.append((char) c);
        }
        return Integer.parseInt(said.toString());
    }

    /** With two {@code %d} for the ports of the daemon. */
    private static String configuration(Set<Kind> kinds, int port) {
        StringBuilder functions = new StringBuilder();
        StringBuilder streams = new StringBuilder();
        for (Kind kind : kinds) {
            String processors = "";
            if (kind != Kind.NONE) {
                functions.append(
                        "  %s: {%s}\n".formatted(kind.stream(), kind.yaml.formatted(port)));
                processors = "processors: [{lambda: {function: %s}}]".formatted(kind.stream());
            }
            streams.append(
                    """
                      %s:
                        buffer: {size: 64MB, interval: 900s}
                        format: {raw: {delimiter: %s}}
                        destination: {bucket: %1$s}
                        %s
                    """
                            .formatted(
                                    kind.stream(),
                                    kind == Kind.NONE ? "newline" : "none",
                                    processors));
        }
        return """
        server: {api: '127.0.0.1:%d', admin: '127.0.0.1:%d'}
        dataDir: data
        stores: {lake: {directory: lake}}
        """
                + "functions:\n"
                + functions
                + "streams:\n"
                + streams;
    }

    private void measure(int rounds, Set<Kind> kinds, Daemon daemon, Optional<Process> server)
            throws Exception {
        Map<Kind, List<Round>> seen = new EnumMap<>(Kind.class);
        kinds.forEach(kind -> seen.put(kind, new ArrayList<>()));
        for (int round = 0; round <= rounds; round++) { // the first is for warming up
            for (Kind kind : kinds) {
                Round one = round(kind, daemon, server);
                Statistics.line(
                        "  round %d, %s: %,.0f records/s, CPU %.1f ms/MB; load average %.2f",
                        round,
                        kind.title,
                        one.recordsPerSecond(),
                        one.cpuMillisPerMegabyte(),
                        Usage.loadAverage());
                if (round > 0) {
                    seen.get(kind).add(one);
                }
            }
        }
        for (Kind kind : kinds) {
            audit(kind, daemon, seen.get(kind).get(0).records() * (rounds + 1));
        }
        report(rounds, seen);
    }

    private Round round(Kind kind, Daemon daemon, Optional<Process> server) throws Exception {
        double cpu = cpuSeconds(daemon, server);
        long begun = System.nanoTime();
        long records = send(daemon, kind.stream());
        daemon.flush(kind.stream());
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new Round(records, seconds, cpuSeconds(daemon, server) - cpu);
    }

    private static double cpuSeconds(Daemon daemon, Optional<Process> server) {
        Duration all = ProcessTimes.cpu(ProcessHandle.of(daemon.pid()).orElseThrow());
        if (server.isPresent()) {
            all = all.plus(ProcessTimes.cpu(server.get().toHandle()));
        }
        return all.toMillis() / 1e3;
    }

    private static void audit(Kind kind, Daemon daemon, long records) throws Exception {
        for (JsonNode stream : daemon.streams()) {
            JsonNode books = stream.path("lanes").path(0).path("books");
            if (stream.path("name").asText().equals(kind.stream())
                    && books.path("landed").asLong() != records) {
                throw new IllegalStateException(records + " were sent, and the books say " + books);
            }
        }
    }

    // --- sending ---

    /** Sends what is sent in a round; returns how many records that were. */
    private long send(Daemon daemon, String stream) throws Exception {
        List<Sending> all = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            Sending sending = new Sending(daemon, stream);
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
        private final FirehoseEndpoint sender;
        private final String stream;
        private long records;
        private Exception failure;

        Sending(Daemon daemon, String stream) {
            this.sender =
                    new FirehoseSender(
                            daemon.api(), "us-east-1", Optional.empty(), new SystemClock());
            this.stream = stream;
        }

        @Override
        public void run() {
            try {
                long sent = 0;
                for (int number = 0; sent < BYTES / SENDERS; number++) {
                    List<byte[]> batch = batches.get(number % BATCHES);
                    put(batch);
                    sent += batch.stream().mapToLong(record -> record.length).sum();
                    records += batch.size();
                }
            } catch (Exception failed) {
                failure = failed;
            }
        }

        private void put(List<byte[]> batch) throws Exception {
            while (true) {
                try {
                    if (sender.put(stream, batch).stream().anyMatch(Optional::isPresent)) {
                        throw new IOException("some records were not accepted");
                    }
                    return;
                } catch (FirehoseEndpoint.BusyException full) {
                    LockSupport.parkNanos(COME_AGAIN.toNanos());
                }
            }
        }
    }

    // --- report ---

    private static void report(int rounds, Map<Kind, List<Round>> seen) {
        double plain = Statistics.median(seen.get(Kind.NONE), Round::recordsPerSecond);
        double plainCpu = Statistics.median(seen.get(Kind.NONE), Round::cpuMillisPerMegabyte);
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds | records/s | MB/s | of none | CPU ms/MB | the function's"
                        + " CPU ms/MB |",
                rounds);
        Statistics.line("|---|---|---|---|---|---|");
        seen.forEach(
                (kind, all) -> {
                    double rate = Statistics.median(all, Round::recordsPerSecond);
                    double cpu = Statistics.median(all, Round::cpuMillisPerMegabyte);
                    double megabytes = rate * Statistics.megabytes(BYTES) / all.get(0).records();
                    Statistics.line(
                            "| %s | %,.0f | %.1f | %.2f× | %.1f | %s |",
                            kind.title,
                            rate,
                            megabytes,
                            rate / plain,
                            cpu,
                            kind == Kind.NONE ? "" : "%.1f".formatted(cpu - plainCpu));
                });
    }
}
