package io.delivery.benchmarks;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The API's HTTP: what a request costs the server beside the {@link UsualServer}, and what idle
 * connections cost. The load is in this process; only the server's processor time counts.
 */
final class HttpBenchmark {
    private static final int CONNECTIONS = Integer.getInteger("connections", 16);
    private static final int IDLE_CONNECTIONS = Integer.getInteger("idle", 1_000);
    private static final double SECONDS = Integer.getInteger("seconds", 5);

    private static final String CONFIGURATION =
            """
            server:
              api: 127.0.0.1:%%d
              admin: 127.0.0.1:%%d
              shutdown: {land: false}
              maxConnections: 5000
              %s
            dataDir: data
            limits: {memory: 256MB}
            stores: {lake: {directory: lake}}
            streams: {clicks: {buffer: {size: 128MB, interval: 900s}, destination: {store: lake, bucket: b}}}
            """;

    /** What one round of one side was like. */
    private record Round(double perSecond, double cpuMicros, long p50, long p99) {}

    private interface Side {
        HttpLoad.Result load(double seconds) throws Exception;

        long pid();
    }

    private HttpBenchmark() {}

    static void run(int rounds) throws Exception {
        Statistics.line("%s; %d connections, %.0f s each", Usage.machine(), CONNECTIONS, SECONDS);
        try (Scratch scratch = Scratch.open("http")) {
            idleConnections(scratch.folder().resolve("idle"));
            requests(scratch.folder(), rounds);
        }
    }

    // --- idle connections ---

    private static void idleConnections(Path folder) throws Exception {
        SoakedDaemon daemon = new SoakedDaemon("idle", made(folder), CONFIGURATION.formatted(""));
        daemon.start();
        List<Socket> open = new ArrayList<>();
        try {
            HttpLoad.run(
                    daemon.daemon().api(),
                    PutRequests.unsigned(PutRequests.record()),
                    CONNECTIONS,
                    SECONDS);
            daemon.daemon().flush("clicks");
            LockSupport.parkNanos(Duration.ofSeconds(8).toNanos());
            SoakSample before = daemon.sample(0);
            long residentBefore = Usage.residentBytes(daemon.daemon().pid());
            for (int i = 0; i < IDLE_CONNECTIONS; i++) {
                Socket socket = new Socket("127.0.0.1", daemon.daemon().api().getPort());
                open.add(socket);
                socket.getOutputStream().write(PutRequests.unsigned(PutRequests.record()));
                socket.getInputStream().read(new byte[4096]);
            }
            daemon.daemon().flush("clicks");
            LockSupport.parkNanos(Duration.ofSeconds(8).toNanos());
            SoakSample after = daemon.sample(0);
            Statistics.line(
                    "%,d idle connections that have made a request each: heap after GC %+.1f MiB, direct %+.1f MiB, resident %+.1f MiB, threads %+d, files %+d",
                    IDLE_CONNECTIONS,
                    (after.heapBytes() - before.heapBytes()) / 1048576.0,
                    (after.directBytes() - before.directBytes()) / 1048576.0,
                    (Usage.residentBytes(daemon.daemon().pid()) - residentBefore) / 1048576.0,
                    after.threads() - before.threads(),
                    after.handles() - before.handles());
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
            daemon.stop();
        }
    }

    private static Path made(Path folder) throws IOException {
        return java.nio.file.Files.createDirectories(folder);
    }

    // --- requests ---

    private static void requests(Path folder, int rounds) throws Exception {
        Daemon open =
                new Daemon(
                        made(folder.resolve("open")), CONFIGURATION.formatted(""), "1g", List.of());
        Daemon signed =
                new Daemon(
                        made(folder.resolve("signed")),
                        CONFIGURATION.formatted(PutRequests.CREDENTIALS),
                        "1g",
                        List.of());
        Map<UsualServer.Variant, Process> usual = new TreeMap<>();
        open.start();
        signed.start();
        try {
            Map<String, Side> sides = new LinkedHashMap<>();
            for (UsualServer.Variant variant : UsualServer.Variant.values()) {
                Process process = UsualServer.start(variant);
                usual.put(variant, process);
                URI uri = UsualServer.uri(process);
                sides.put(
                        "PutRecord, Jetty + Jackson, " + variant,
                        side(process.pid(), uri, PutRequests.unsigned(PutRequests.record())));
                if (variant == UsualServer.Variant.ONE_WRITE) {
                    sides.put(
                            "PutRecordBatch, Jetty + Jackson",
                            side(process.pid(), uri, PutRequests.unsigned(PutRequests.batch())));
                }
            }
            sides.put(
                    "PutRecord, delivery",
                    side(open.pid(), open.api(), PutRequests.unsigned(PutRequests.record())));
            sides.put("PutRecord, delivery, SigV4", signedSide(signed, PutRequests.record()));
            sides.put(
                    "PutRecordBatch, delivery",
                    side(open.pid(), open.api(), PutRequests.unsigned(PutRequests.batch())));
            sides.put("PutRecordBatch, delivery, SigV4", signedSide(signed, PutRequests.batch()));
            measure(sides, rounds, List.of(open, signed));
        } finally {
            usual.values().forEach(Process::destroyForcibly);
            open.stop();
            signed.stop();
        }
    }

    private static Side side(long pid, URI uri, byte[] request) {
        return new Side() {
            @Override
            public HttpLoad.Result load(double seconds) throws Exception {
                return HttpLoad.run(uri, request, CONNECTIONS, seconds);
            }

            @Override
            public long pid() {
                return pid;
            }
        };
    }

    /** A signature counts for a few minutes, so each round has its own. */
    private static Side signedSide(Daemon daemon, PutRequests.Call call) {
        return new Side() {
            @Override
            public HttpLoad.Result load(double seconds) throws Exception {
                return HttpLoad.run(
                        daemon.api(), PutRequests.signed(daemon.api(), call), CONNECTIONS, seconds);
            }

            @Override
            public long pid() {
                return daemon.pid();
            }
        };
    }

    private static void measure(Map<String, Side> sides, int rounds, List<Daemon> daemons)
            throws Exception {
        Map<String, List<Round>> seen = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) { // the first is for warming up
            for (Map.Entry<String, Side> side : sides.entrySet()) {
                Round one = round(side.getValue());
                if (round > 0) {
                    seen.computeIfAbsent(side.getKey(), none -> new ArrayList<>()).add(one);
                }
                for (Daemon daemon : daemons) {
                    daemon.flush("clicks"); // the journal has room for the next
                    new Scratch(daemon.folder().resolve("lake/b")).close(); // and so has the disk
                }
            }
        }
        Statistics.line(
                "| medians of %d rounds | requests/s | CPU of the server, µs per request | p50 ms | p99 ms |",
                rounds);
        Statistics.line("|---|---|---|---|---|");
        seen.forEach(
                (side, all) ->
                        Statistics.line(
                                "| %s | %,.0f | %.1f | %.2f | %.2f |",
                                side,
                                Statistics.median(all, Round::perSecond),
                                Statistics.median(all, Round::cpuMicros),
                                Statistics.median(all, round -> round.p50() / 1e6),
                                Statistics.median(all, round -> round.p99() / 1e6)));
        Statistics.line("load average %.2f", Usage.loadAverage());
    }

    private static Round round(Side side) throws Exception {
        ProcessHandle server = ProcessHandle.of(side.pid()).orElseThrow();
        Duration before = ProcessTimes.cpu(server);
        HttpLoad.Result result = side.load(SECONDS);
        double cpu = ProcessTimes.cpu(server).minus(before).toNanos() / 1e3;
        return new Round(
                result.perSecond(),
                cpu / result.requests(),
                Statistics.percentile(result.latencyNanos(), 0.5),
                Statistics.percentile(result.latencyNanos(), 0.99));
    }
}
