package io.delivery.benchmarks;

import io.delivery.config.BufferingHints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * 2 GB of records over 10,000 customers, few of whom have many records and many have few, in a heap
 * of 512 MiB: nothing fails, the books balance, and the lake holds as many lines as were sent.
 */
final class ZipfBenchmark {
    private static final int CUSTOMERS = 10_000;
    private static final long BYTES = 2_000_000_000L;

    private ZipfBenchmark() {}

    static void run() throws Exception {
        Usage.watchHeap();
        Statistics.line("%s", Usage.machine());
        BufferingHints hints = new BufferingHints(64, 900, BufferingHints.Latency.STANDARD);
        AtomicLong peakDirect = new AtomicLong();
        try (Bench bench = Bench.open("zipf", Bench.byCustomer(hints, CUSTOMERS), c -> c)) {
            Clickstream clicks = Clickstream.zipf(2, CUSTOMERS);
            long begun = System.nanoTime();
            long bytes = 0;
            long records = 0;
            long peakSpool = 0;
            int live = 0;
            while (bytes < BYTES) {
                var batch = clicks.batch(Clickstream.BATCH_RECORDS);
                bench.put(batch);
                bytes += batch.recordBytes();
                records += batch.count();
                peakDirect.accumulateAndGet(Usage.directBytes(), Math::max);
                peakSpool = Math.max(peakSpool, bench.lane().spoolBytes());
                live = Math.max(live, bench.lane().activePartitions());
            }
            double accepted = (System.nanoTime() - begun) / 1e9;
            bench.awaitRead(records);
            live = Math.max(live, bench.lane().activePartitions());
            peakSpool = Math.max(peakSpool, bench.lane().spoolBytes());
            bench.flush();
            peakDirect.accumulateAndGet(Usage.directBytes(), Math::max);
            double landed = (System.nanoTime() - begun) / 1e9;
            bench.audit(records);
            Statistics.line(
                    "%,d records, %.0f MB, accepted in %.0f s, landed after %.0f s; CPU %.2f ms/MB"
                            + " with the generator",
                    records, bytes / 1e6, accepted, landed, (double) Usage.cpuNanos() / bytes);
            Statistics.line("most live partitions %,d", live);
            Statistics.line(
                    "peak heap       %s, after a collection %s",
                    Statistics.mebibytes(Usage.peakHeapBytes()),
                    Statistics.mebibytes(Usage.peakLiveBytes()));
            Statistics.line("peak direct     %s", Statistics.mebibytes(peakDirect.get()));
            Statistics.line(
                    "peak resident   %s",
                    Statistics.mebibytes(Usage.peakResidentBytes(ProcessHandle.current().pid())));
            Statistics.line("peak spool      %s", Statistics.mebibytes(peakSpool));
            objects(bench.lake(), records);
            Statistics.line("books           %s", bench.lane().books());
        }
    }

    private static void objects(Path lake, long records) throws IOException {
        List<Path> objects;
        try (Stream<Path> all = Files.walk(lake)) {
            objects =
                    all.filter(Files::isRegularFile)
                            .filter(file -> !lake.relativize(file).startsWith(".delivery"))
                            .toList();
        }
        long[] sizes = new long[objects.size()];
        long lines = 0;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Files.size(objects.get(i));
            lines += lines(objects.get(i));
        }
        Statistics.line(
                "%,d objects, %,d lines; smallest %,d, median %,d, p99 %,d, largest %,d bytes",
                sizes.length,
                lines,
                Statistics.percentile(sizes, 0),
                Statistics.percentile(sizes, 0.5),
                Statistics.percentile(sizes, 0.99),
                Statistics.percentile(sizes, 1));
        if (lines != records) {
            throw new IllegalStateException(records + " records were sent, " + lines + " landed");
        }
    }

    private static long lines(Path object) throws IOException {
        long lines = 0;
        byte[] chunk = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(object)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                for (int i = 0; i < read; i++) {
                    lines += chunk[i] == '\n' ? 1 : 0;
                }
            }
        }
        return lines;
    }
}
