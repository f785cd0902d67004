package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Row 13: the most memory that {@code delivery run} has resident with 128 MB buffers, 500
 * partitions and a backlog of 1 GB. The first process takes 1 GB over HTTP and is stopped with its
 * ranges open; the second begins with all of that as its backlog, takes a tenth more meanwhile, and
 * lands everything. The heap is the program's default. After it {@link BusyMemory}.
 */
final class MemoryBenchmark {
    private static final int PARTITIONS = 500;
    private static final long BACKLOG_BYTES = 1_000_000_000L;
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

    private final Daemon daemon;

    private MemoryBenchmark(Path folder) throws IOException {
        daemon = new Daemon(folder, CONFIGURATION, HEAP, List.of());
    }

    static void run() throws Exception {
        Statistics.line("%s; the daemon's heap %s", Usage.machine(), HEAP);
        try (Scratch scratch = Scratch.open("memory")) {
            new MemoryBenchmark(scratch.folder()).measure();
            BusyMemory.run(scratch.folder(), HEAP);
        }
    }

    private void measure() throws Exception {
        daemon.start();
        long taken;
        try {
            double begun = System.nanoTime() / 1e9;
            taken = send(1, BACKLOG_BYTES);
            Statistics.line(
                    "1 GB taken over HTTP in %.0f s, %,d records: peak resident %s",
                    System.nanoTime() / 1e9 - begun,
                    taken,
                    Statistics.mebibytes(Usage.peakResidentBytes(daemon.pid())));
        } finally {
            daemon.stop();
        }
        daemon.start();
        try {
            long begun = System.nanoTime();
            long more = send(2, BACKLOG_BYTES / 10);
            daemon.flush("clicks");
            long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
            JsonNode books = books();
            Statistics.line(
                    "backlog and 0.1 GB more landed in %d s: peak resident %s",
                    seconds, Statistics.mebibytes(Usage.peakResidentBytes(daemon.pid())));
            Statistics.line("books %s", books);
            if (!books.path("balanced").asBoolean()
                    || books.path("landed").asLong() != taken + more) {
                throw new IllegalStateException(taken + more + " records were sent");
            }
        } finally {
            daemon.stop();
        }
    }

    private JsonNode books() throws IOException, InterruptedException {
        return daemon.streams().findPath("lanes").path(0).path("books");
    }

    /** Sends so many bytes; returns how many records that were. */
    private long send(int seed, long bytes) throws Exception {
        return Senders.send(
                daemon,
                bytes,
                thread -> Clickstream.uniform(seed * 100L + thread, PARTITIONS),
                batch -> "clicks");
    }
}
