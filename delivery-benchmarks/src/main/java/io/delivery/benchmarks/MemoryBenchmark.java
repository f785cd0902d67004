package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.machine.SystemClock;
import io.delivery.wiring.FirehoseSender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    private final Daemon daemon;

    private MemoryBenchmark(Path folder) throws IOException {
        daemon = new Daemon(folder, CONFIGURATION, HEAP, List.of());
    }

    static void run() throws Exception {
        Statistics.line("%s; the daemon's heap %s", Usage.machine(), HEAP);
        try (Scratch scratch = Scratch.open("memory")) {
            new MemoryBenchmark(scratch.folder()).measure();
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
                        new FirehoseSender(
                                daemon.api(), "us-east-1", Optional.empty(), new SystemClock());
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
