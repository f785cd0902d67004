package io.delivery.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Row 8: what accepting costs the daemon, which is HTTP, signature, envelope and journal: a durable
 * PutRecordBatch with Signature Version 4, while the lane is held by a function that does not
 * answer. Beside it the {@link UsualServer}, which decodes the same request and neither checks nor
 * keeps anything. CPU of the servers' processes; the load is in this one.
 */
final class PutBenchmark {
    private static final int CONNECTIONS = Integer.getInteger("connections", 16);

    /** So much fits into the segments that a journal keeps to use them again. */
    private static final long BURST_BYTES = 240L << 20;

    private static final int BURSTS = 2;
    private static final int WARM_UPS = 5;

    private static final long REQUEST_BYTES =
            (long) PutRequests.BATCH_RECORDS * PutRequests.BATCH_RECORD_BYTES;
    private static final int REQUESTS = (int) (BURST_BYTES / REQUEST_BYTES);

    private static final String CONFIGURATION =
            """
            server:
              api: 127.0.0.1:%%d
              admin: 127.0.0.1:%%d
              shutdown: {land: false}
              %s
            dataDir: data
            stores: {lake: {directory: lake}}
            functions: {held: {endpoint: '%s', timeout: 300s}}
            streams:
              clicks:
                buffer: {size: 128MB, interval: 900s}
                processors: [{lambda: {function: held}}]
                destination: {store: lake, bucket: b}
            """;

    /** One round of one side. */
    private record Round(double megabytesPerCpuSecond, double requestsPerSecond) {}

    private PutBenchmark() {}

    static List<GoalRow> run(int rounds) throws Exception {
        Statistics.line(
                "%s; bursts of %s, %d connections",
                Usage.machine(), Statistics.mebibytes(BURST_BYTES), CONNECTIONS);
        try (Scratch scratch = Scratch.open("put");
                HeldFunction function = new HeldFunction()) {
            Daemon daemon =
                    new Daemon(
                            scratch.folder(),
                            CONFIGURATION.formatted(PutRequests.CREDENTIALS, function.uri()),
                            "512m",
                            List.of());
            daemon.start();
            Process usual = UsualServer.start(UsualServer.Variant.ONE_WRITE);
            try {
                return measure(daemon, function, usual, UsualServer.uri(usual), rounds);
            } finally {
                usual.destroyForcibly();
                function.release();
                daemon.kill();
            }
        }
    }

    private static List<GoalRow> measure(
            Daemon daemon, HeldFunction function, Process usual, URI uri, int rounds)
            throws Exception {
        List<Round> ours = new ArrayList<>();
        List<Round> theirs = new ArrayList<>();
        for (int round = -WARM_UPS; round < rounds; round++) {
            Round mine = durable(daemon, function);
            Round other = decoded(usual, uri);
            Statistics.line(
                    "  %s delivery %.0f MB per CPU-second, Jetty + Jackson %.0f; load average %.2f",
                    round < 0 ? "warm-up" : "round " + (round + 1),
                    mine.megabytesPerCpuSecond(),
                    other.megabytesPerCpuSecond(),
                    Usage.loadAverage());
            if (round >= 0) {
                ours.add(mine);
                theirs.add(other);
            }
        }
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds, PutRecordBatch of %d kB | MB per CPU-second of the server | requests/s |",
                rounds, REQUEST_BYTES / 1000);
        Statistics.line("|---|---|---|");
        print("delivery, SigV4, durable, lane held", ours);
        print("Jetty + Jackson, decoded only", theirs);
        Statistics.line("");
        return List.of(
                GoalRow.atLeast(
                        8,
                        "durable PutRecordBatch with SigV4, lane held, vs Jetty + Jackson decode",
                        speed(ours) / speed(theirs),
                        0.6,
                        1));
    }

    private static Round durable(Daemon daemon, HeldFunction function) throws Exception {
        long cpuNanos = 0;
        double seconds = 0;
        for (int burst = 0; burst < BURSTS; burst++) {
            byte[] request = PutRequests.signed(daemon.api(), PutRequests.batch());
            function.hold();
            long before = cpuNanos(daemon.pid());
            seconds += send(daemon.api(), request);
            cpuNanos += cpuNanos(daemon.pid()) - before;
            function.release();
            daemon.flush("clicks"); // gives the segments back
        }
        return round(cpuNanos, seconds);
    }

    private static Round decoded(Process usual, URI uri) throws Exception {
        byte[] request = PutRequests.unsigned(PutRequests.batch());
        long before = cpuNanos(usual.pid());
        double seconds = 0;
        for (int burst = 0; burst < BURSTS; burst++) {
            seconds += send(uri, request);
        }
        return round(cpuNanos(usual.pid()) - before, seconds);
    }

    private static double send(URI server, byte[] request) throws Exception {
        return HttpLoad.each(server, Collections.nCopies(REQUESTS, request), CONNECTIONS).seconds();
    }

    private static Round round(long cpuNanos, double seconds) throws IOException {
        if (cpuNanos == 0) {
            throw new IOException("nothing tells the CPU time of a process here");
        }
        long requests = (long) BURSTS * REQUESTS;
        return new Round(requests * REQUEST_BYTES * 1e3 / cpuNanos, requests / seconds);
    }

    private static long cpuNanos(long pid) {
        return ProcessTimes.cpu(ProcessHandle.of(pid).orElseThrow()).toNanos();
    }

    private static double speed(List<Round> rounds) {
        return Statistics.median(rounds, Round::megabytesPerCpuSecond);
    }

    private static void print(String side, List<Round> rounds) {
        Statistics.line(
                "| %s | %.0f | %,.0f |",
                side, speed(rounds), Statistics.median(rounds, Round::requestsPerSecond));
    }
}
