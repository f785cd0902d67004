package io.delivery.benchmarks;

import io.delivery.config.BufferingHints;
import io.delivery.format.EncoderFactory;
import io.delivery.landing.CommittedRange;
import io.delivery.landing.LaneHistory;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.lane.components.LaneComponents;
import io.delivery.machine.FileDisk;
import io.delivery.record.RecordBatch;
import io.delivery.stream.StreamComponents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What size of objects a stream of many partitions makes within its disk limit: Parquet, 64 MB, 900
 * s. {@code -Ddisk} is the limit in bytes, {@code -Dpartitions} and {@code -Dinput} (in MiB) say
 * what comes.
 */
final class HintsBenchmark {
    private static final int SIZE_HINT_IN_MBS = 64;
    private static final long POOL_BYTES = 40L << 20;

    private HintsBenchmark() {}

    static void run() throws Exception {
        int partitions = Integer.getInteger("partitions", 24);
        long input = Long.getLong("input", 2048) << 20;
        RecordBatch[] pool = Clickstream.uniform(45, partitions).batches(POOL_BYTES);
        BufferingHints hints =
                new BufferingHints(SIZE_HINT_IN_MBS, 900, BufferingHints.Latency.STANDARD);
        Scratch scratch = Scratch.open("hints");
        EncoderFactory parquet = StagingBenchmark.parquet(scratch);
        try (Bench bench =
                Bench.open(
                        scratch,
                        Bench.byCustomer(hints, partitions),
                        components -> encodedBy(parquet, components))) {
            long bytes = 0;
            long records = 0;
            long spool = 0;
            long staging = 0;
            for (int i = 0; bytes < input; i++) {
                RecordBatch batch = pool[i % pool.length];
                bench.put(batch);
                bytes += batch.recordBytes();
                records += batch.count();
                spool = Math.max(spool, bench.lane().spoolBytes());
                staging = Math.max(staging, bench.lane().stagingBytes());
            }
            bench.awaitRead(records);
            bench.flush();
            bench.audit(records);
            Statistics.line(
                    "%,d records of %d bytes in %d partitions, disk limit %s",
                    records,
                    bytes / records,
                    partitions,
                    Statistics.mebibytes(Long.getLong("disk", 40L << 30)));
            Statistics.line(
                    "most in the spool %s, most in the staging area %s",
                    Statistics.mebibytes(spool), Statistics.mebibytes(staging));
            tell(scratch.folder().resolve("data"));
        }
    }

    private static StreamComponents encodedBy(EncoderFactory encoder, StreamComponents components) {
        LaneComponents main = components.main();
        return Bench.changed(components, main.processors(), main.extractor(), encoder);
    }

    private static void tell(Path data) throws IOException {
        for (Path lane : lanes(data)) {
            LaneHistory.read(lane, new FileDisk(), HintsBenchmark::tell);
        }
    }

    private static List<Path> lanes(Path data) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(path -> path.endsWith("state")).map(Path::getParent).toList();
        }
    }

    private static void tell(CommittedRange range) {
        List<ObjectRecord> objects = range.range().live();
        List<Long> input = new ArrayList<>();
        long staged = 0;
        long lists = 0;
        for (ObjectRecord object : objects) {
            input.add(object.inputBytes());
            staged += object.staged().length();
            lists += object.sequences().bytes();
        }
        input.sort(null);
        Statistics.line(
                "range of %,d records sealed by %s: %d objects, of %s to %s of records, median %s;"
                        + " %s on the store, lists of sequences %s",
                range.end() - range.start(),
                range.range().seal().trigger(),
                objects.size(),
                Statistics.mebibytes(input.get(0)),
                Statistics.mebibytes(input.get(input.size() - 1)),
                Statistics.mebibytes(input.get(input.size() / 2)),
                Statistics.mebibytes(staged),
                Statistics.mebibytes(lists));
    }
}
