package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A daemon with one stream into S3, which takes signed requests over HTTP. */
final class S3Daemon {
    private static final int CONNECTIONS = Integer.getInteger("connections", 4);
    private static final String HEAP = System.getProperty("heap", "512m");

    private static final String CONFIGURATION =
            """
            server:
              api: 127.0.0.1:%%d
              admin: 127.0.0.1:%%d
              shutdown: {land: false}
              %s
            dataDir: data
            stores:
              lake:
            %s
            catalogs: {main: {file: schemas}}
            streams:
              clicks:
                buffer: {size: 64MB, interval: 900s}
            %s
            """;

    /**
     * What one load was like.
     *
     * @param cpuNanos of the daemon until all has landed
     * @param seconds until all has landed
     */
    record Load(long cpuNanos, double seconds) {}

    private final Daemon daemon;
    private long sent;

    /**
     * Starts nothing.
     *
     * @param store the settings of the store, indented by four blanks
     * @param stream what the stream has beside its buffer, indented by four blanks
     */
    S3Daemon(Path folder, String store, String stream) throws IOException {
        StagingBenchmark.schemas(new Scratch(Files.createDirectories(folder)));
        String settings = PutRequests.CREDENTIALS;
        daemon =
                new Daemon(
                        folder,
                        CONFIGURATION.formatted(settings, store, stream),
                        HEAP,
                        profile(folder));
    }

    /** {@code -Dprofile=FOLDER} keeps a recording of each daemon there. */
    private static List<String> profile(Path folder) {
        String kept = System.getProperty("profile");
        return kept == null
                ? List.of()
                : List.of(
                        "-XX:StartFlightRecording=settings=profile,filename=%s/%s.jfr"
                                .formatted(kept, folder.getFileName()));
    }

    void start() throws IOException, InterruptedException {
        daemon.start();
    }

    void stop() throws InterruptedException {
        daemon.stop();
    }

    /** Sends all calls, and returns when their records have landed. */
    Load load(List<PutRequests.Call> calls, long records) throws Exception {
        List<byte[]> requests =
                calls.stream().map(call -> PutRequests.signed(daemon.api(), call)).toList();
        ProcessHandle process = ProcessHandle.of(daemon.pid()).orElseThrow();
        long cpu = ProcessTimes.cpu(process).toNanos();
        long begun = System.nanoTime();
        HttpLoad.each(daemon.api(), requests, CONNECTIONS);
        daemon.flush("clicks");
        double seconds = (System.nanoTime() - begun) / 1e9;
        long took = ProcessTimes.cpu(process).toNanos() - cpu;
        if (took == 0) {
            throw new IOException("nothing tells the CPU time of a process here");
        }
        sent += records;
        audit();
        return new Load(took, seconds);
    }

    private void audit() throws IOException, InterruptedException {
        JsonNode books = daemon.streams().findPath("lanes").path(0).path("books");
        if (!books.path("balanced").asBoolean() || books.path("landed").asLong() != sent) {
            throw new IllegalStateException(sent + " records were sent, the books say " + books);
        }
    }

    /** The most that it has had resident so far, in bytes. */
    long peakResidentBytes() throws IOException {
        return Usage.peakResidentBytes(daemon.pid());
    }
}
