package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A daemon that takes signed requests over HTTP, a load of them at a time, and lands each load. */
final class LoadedDaemon {
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
            %s
            stores:
              lake:
            %s
            catalogs: {main: {file: schemas}}
            streams:
            %s
            """;

    /**
     * What one load was like. CPU is that of the daemon.
     *
     * @param answered until the last request was answered
     * @param landed until all has landed
     * @param seconds until all has landed
     */
    record Load(ProcessTimes.Cpu answered, ProcessTimes.Cpu landed, double seconds) {}

    private final Daemon daemon;
    private long sent;

    /**
     * Starts nothing.
     *
     * @param limits those of the process, on a line; empty for the default ones
     * @param store the settings of the store, indented by four blanks
     * @param streams their names and settings, indented by two blanks
     */
    LoadedDaemon(Path folder, String limits, String store, String streams) throws IOException {
        StagingBenchmark.schemas(new Scratch(Files.createDirectories(folder)));
        String settings = PutRequests.CREDENTIALS;
        daemon =
                new Daemon(
                        folder,
                        CONFIGURATION.formatted(settings, limits, store, streams),
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
        List<String> streams = names();
        ProcessHandle process = ProcessHandle.of(daemon.pid()).orElseThrow();
        ProcessTimes.Cpu before = ProcessTimes.times(process);
        long begun = System.nanoTime();
        HttpLoad.each(daemon.api(), requests, CONNECTIONS);
        ProcessTimes.Cpu answered = ProcessTimes.times(process).minus(before);
        for (String stream : streams) {
            daemon.flush(stream);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        ProcessTimes.Cpu landed = ProcessTimes.times(process).minus(before);
        if (landed.total().equals(Duration.ZERO)) {
            throw new IOException("nothing tells the CPU time of a process here");
        }
        sent += records;
        audit();
        return new Load(answered, landed, seconds);
    }

    private List<String> names() throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        daemon.streams().forEach(stream -> names.add(stream.path("name").asText()));
        return names;
    }

    private void audit() throws IOException, InterruptedException {
        long landed = 0;
        for (JsonNode stream : daemon.streams()) {
            JsonNode books = stream.path("lanes").path(0).path("books");
            if (!books.path("balanced").asBoolean()) {
                throw new IllegalStateException("the books are not balanced: " + stream);
            }
            landed += books.path("landed").asLong();
        }
        if (landed != sent) {
            throw new IllegalStateException(sent + " records were sent, " + landed + " landed");
        }
    }

    /** The most that it has had resident so far, in bytes. */
    long peakResidentBytes() throws IOException {
        return Usage.peakResidentBytes(daemon.pid());
    }
}
