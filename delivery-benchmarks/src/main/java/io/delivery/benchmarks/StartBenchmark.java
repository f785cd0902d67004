package io.delivery.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How long a start takes until the service is ready, and how much processor time, with the archive
 * of classes that {@code delivery archive-classes} makes and without one. What is started is an
 * unpacked distribution, by its launcher, on a data directory that is new.
 */
final class StartBenchmark {
    private static final double GOAL_SECONDS = 1;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(5);

    private static final String SERVER =
            """
            server: {api: '127.0.0.1:%d', admin: '127.0.0.1:%d'}
            dataDir: %s
            limits: {disk: 2GiB}
            """;

    private static final String FOLDER =
            """
            stores: {lake: {directory: lake}}
            streams:
              lines:
                format: {raw: {delimiter: lines}}
                destination: {store: lake, bucket: bench, prefix: lines/}
            """;

    /** Nobody is asked before the first object. */
    private static final String S3 =
            """
            stores:
              lake: {s3: {endpoint: 'http://127.0.0.1:9', credentials: {accessKeyId: a, secretAccessKey: b}}}
            catalogs: {main: {file: schemas}}
            streams:
              clicks:
                buffer: {size: 64MB, interval: 900s}
                partitioning: {query: '{region: .region}'}
                format:
                  parquet: {compression: snappy}
                  schema: {table: bench.clicks}
                destination:
                  store: lake
                  bucket: bench
                  prefix: clicks/!{partitionKeyFromQuery:region}/
                  errorPrefix: errors/!{firehose:error-output-type}/
            """;

    private final Path scratch;
    private final HttpClient http = HttpClient.newHttpClient();
    private int starts;

    /** From the call of the launcher to the first answer that the service is ready. */
    private record Start(double seconds, double cpuSeconds) {}

    private StartBenchmark(Path scratch) {
        this.scratch = scratch;
    }

    static void run(int rounds) throws Exception {
        Path distribution = Path.of(System.getProperty("distribution"));
        Statistics.line("%s", Usage.machine());
        try (Scratch scratch = Scratch.open("start")) {
            new StartBenchmark(scratch.folder()).measure(distribution, rounds);
        }
    }

    private void measure(Path distribution, int rounds) throws Exception {
        StagingBenchmark.schemas(new Scratch(scratch));
        Path without = unpacked(distribution, "without");
        Path with = unpacked(distribution, "with");
        makeArchive(with);
        Map<String, Path> sides = new LinkedHashMap<>();
        sides.put("without an archive", without);
        sides.put("with an archive", with);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("one stream into a folder", FOLDER);
        settings.put("one stream by jq to Parquet in S3", S3);
        Statistics.line(
                "| medians of %d starts | | ready after | fastest | CPU | ready in 1 s |", rounds);
        Statistics.line("|---|---|---|---|---|---|");
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            Map<String, List<Start>> seen = new LinkedHashMap<>();
            for (int round = -1; round < rounds; round++) { // the first fills the page cache
                for (Map.Entry<String, Path> side : sides.entrySet()) {
                    Start start = start(side.getValue(), setting.getValue());
                    if (round >= 0) {
                        seen.computeIfAbsent(side.getKey(), none -> new ArrayList<>()).add(start);
                    }
                }
            }
            seen.forEach((side, all) -> tell(setting.getKey(), side, all));
        }
        Statistics.line("load average %.2f", Usage.loadAverage());
    }

    private static void tell(String setting, String side, List<Start> all) {
        double seconds = Statistics.median(all, Start::seconds);
        Statistics.line(
                "| %s | %s | %.2f s | %.2f s | %.2f s | %s |",
                setting,
                side,
                seconds,
                all.stream().mapToDouble(Start::seconds).min().orElseThrow(),
                Statistics.median(all, Start::cpuSeconds),
                seconds <= GOAL_SECONDS ? "yes" : "no");
    }

    private Start start(Path home, String configuration) throws Exception {
        int api = Daemon.freePort();
        int admin = Daemon.freePort();
        Path file =
                Files.writeString(
                        scratch.resolve("delivery.yaml"),
                        SERVER.formatted(api, admin, "data-" + ++starts) + configuration);
        Path log = scratch.resolve("log");
        HttpRequest ready =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/health/ready"))
                        .build();
        long begun = System.nanoTime();
        Process process =
                new ProcessBuilder(home.resolve("bin/delivery").toString(), "run", file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            while (!isReady(ready)) {
                if (!process.isAlive() || System.nanoTime() - begun > PATIENCE.toNanos()) {
                    throw new IOException("delivery did not start:\n" + Files.readString(log));
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            double cpuSeconds = ProcessTimes.cpu(process.toHandle()).toNanos() / 1e9;
            return new Start(seconds, cpuSeconds);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private boolean isReady(HttpRequest ready) throws InterruptedException {
        try {
            return http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The launcher and the jars, which keep their times: an archive remembers them. */
    private Path unpacked(Path distribution, String name) throws IOException {
        Path home = scratch.resolve(name);
        for (String part : List.of("bin", "lib")) {
            Files.createDirectories(home.resolve(part));
            try (Stream<Path> all = Files.list(distribution.resolve(part))) {
                for (Path each : all.filter(it -> !it.toString().endsWith(".jsa")).toList()) {
                    Files.copy(
                            each,
                            home.resolve(part).resolve(each.getFileName()),
                            StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return home;
    }

    private void makeArchive(Path home) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Path log = scratch.resolve("archive.log");
        Process process =
                new ProcessBuilder(home.resolve("bin/delivery").toString(), "archive-classes")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("no archive of classes:\n" + Files.readString(log));
        }
        Statistics.line(
                "made in %.1f s: %s",
                (System.nanoTime() - begun) / 1e9,
                scratch.relativize(Path.of(Files.readString(log).strip())));
    }
}
