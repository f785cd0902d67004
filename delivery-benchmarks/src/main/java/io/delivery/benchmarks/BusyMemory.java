package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The most memory that {@code delivery run} has resident while many streams are busy, and while
 * many partitions become Parquet; into a directory, with the program's default heap.
 */
final class BusyMemory {
    private static final long BYTES = 500_000_000L;
    private static final int STREAMS = 50;
    private static final int PARTITIONS = 5_000;

    /** Of issue 16, in bytes. */
    private static final long GOAL_BYTES = 600_000_000L;

    private static final String CONFIGURATION =
            """
            server: {api: 127.0.0.1:%%d, admin: 127.0.0.1:%%d, shutdown: {land: false}}
            dataDir: data
            limits: {disk: 20GB}
            stores: {lake: {directory: lake}}
            catalogs: {main: {file: schemas}}
            streams:
            %s
            """;

    private static final String STREAM =
            """
              s%d:
                buffer: {size: 64MB, interval: 900s}
                format: {raw: {delimiter: lines}}
                destination: {bucket: s%1$d, compression: gzip}
            """;

    private static final String PARQUET =
            """
              clicks:
                buffer: {size: 64MB, interval: 900s}
                partitioning: {query: '{customer_id: .customer_id}', activePartitionsLimit: 5000}
                format: {parquet: {compression: snappy}, schema: {table: bench.clicks}}
                destination:
                  bucket: clicks
                  prefix: 'customer=!{partitionKeyFromQuery:customer_id}/'
                  errorPrefix: errors/
            """;

    private BusyMemory() {}

    static void run(Path folder, String heap) throws Exception {
        StringBuilder streams = new StringBuilder();
        for (int i = 0; i < STREAMS; i++) {
            streams.append(STREAM.formatted(i));
        }
        measure(
                "%d busy streams, gzip".formatted(STREAMS),
                daemon(folder.resolve("streams"), streams.toString(), heap),
                thread -> Clickstream.uniform(thread, 1_000),
                batch -> "s" + batch % STREAMS);
        measure(
                "%,d partitions, Parquet".formatted(PARTITIONS),
                daemon(folder.resolve("partitions"), PARQUET, heap),
                thread -> Clickstream.uniform(thread, PARTITIONS),
                batch -> "clicks");
    }

    private static Daemon daemon(Path folder, String streams, String heap) throws IOException {
        StagingBenchmark.schemas(new Scratch(Files.createDirectories(folder)));
        return new Daemon(folder, CONFIGURATION.formatted(streams), heap, List.of());
    }

    private static void measure(
            String name, Daemon daemon, IntFunction<Clickstream> clicks, IntFunction<String> stream)
            throws Exception {
        daemon.start();
        try {
            long records = Senders.send(daemon, BYTES, clicks, stream);
            long taken = Usage.peakResidentBytes(daemon.pid());
            long landed = 0;
            for (JsonNode one : daemon.streams()) {
                daemon.flush(one.path("name").asText());
            }
            for (JsonNode one : daemon.streams()) {
                landed += one.path("lanes").path(0).path("books").path("landed").asLong();
            }
            if (landed != records) {
                throw new IllegalStateException(records + " were sent, " + landed + " landed");
            }
            long peak = Usage.peakResidentBytes(daemon.pid());
            Statistics.line(
                    "%s: %.1f GB taken over HTTP, peak resident %s until taken, %s until landed (goal: at most %.0f MB, %s)",
                    name,
                    BYTES / 1e9,
                    Statistics.mebibytes(taken),
                    Statistics.mebibytes(peak),
                    GOAL_BYTES / 1e6,
                    peak <= GOAL_BYTES ? "reached" : "missed");
        } finally {
            daemon.stop();
        }
    }
}
