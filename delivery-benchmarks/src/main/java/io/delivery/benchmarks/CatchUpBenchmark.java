package io.delivery.benchmarks;

import io.delivery.config.BufferingHints;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.record.RecordBatch;
import io.delivery.stream.StreamComponents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * The catch-up rule on a real machine: a backlog of 1 GiB and a size hint of 64 MB make at most 20
 * objects. The lane is held at its first record until all are accepted. The interval is 1 s, not
 * 60, so that it is over many times while the lane catches up.
 */
final class CatchUpBenchmark {
    private static final long BACKLOG_BYTES = 1L << 30;
    private static final long POOL_BYTES = 40L << 20;
    private static final int MOST_OBJECTS = 20;

    private CatchUpBenchmark() {}

    static void run() throws Exception {
        Statistics.line("%s", Usage.machine());
        BufferingHints hints = new BufferingHints(64, 1, BufferingHints.Latency.LOW);
        RecordBatch[] pool = Clickstream.uniform(14, 1).batches(POOL_BYTES);
        CountDownLatch accepted = new CountDownLatch(1);
        try (Bench bench =
                Bench.open(
                        "catchup", Bench.byCustomer(hints, 10), made -> heldBy(accepted, made))) {
            long records = 0;
            long bytes = 0;
            for (int i = 0; bytes < BACKLOG_BYTES; i++) {
                RecordBatch batch = pool[i % pool.length];
                bench.put(batch);
                bytes += batch.recordBytes();
                records += batch.count();
            }
            long begun = System.nanoTime();
            accepted.countDown();
            bench.flush();
            double seconds = (System.nanoTime() - begun) / 1e9;
            bench.audit(records);
            List<Long> lengths = objects(bench.lake());
            Statistics.line(
                    "backlog %s, size hint 64 MB, interval 1 s: caught up in %.1f s, %d objects of %s",
                    Statistics.mebibytes(bytes),
                    seconds,
                    lengths.size(),
                    lengths.stream().map(Statistics::mebibytes).toList());
            if (lengths.size() > MOST_OBJECTS) {
                throw new IllegalStateException("more than " + MOST_OBJECTS + " objects");
            }
        }
    }

    private static StreamComponents heldBy(CountDownLatch accepted, StreamComponents made) {
        PartitionKeyExtractor keys = made.main().extractor().orElseThrow();
        PartitionKeyExtractor held =
                record -> {
                    try {
                        accepted.await();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                    return keys.extract(record);
                };
        return Bench.changed(
                made, made.main().processors(), Optional.of(held), made.main().encoder());
    }

    private static List<Long> objects(Path lake) throws IOException {
        try (Stream<Path> all = Files.walk(lake)) {
            return all.filter(Files::isRegularFile).map(file -> file.toFile().length()).toList();
        }
    }
}
