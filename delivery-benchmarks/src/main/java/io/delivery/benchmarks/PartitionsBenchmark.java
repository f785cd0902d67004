package io.delivery.benchmarks;

import io.delivery.config.BufferingHints;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Row 14: the same records into one partition and into 10,000 live ones, in turns: CPU time of the
 * whole process per megabyte, jq and landing in a directory included. To be run with a heap of 512
 * MiB.
 */
final class PartitionsBenchmark {
    private static final int PARTITIONS = Integer.getInteger("partitions", 10_000);
    private static final long POOL_BYTES = 40L << 20;
    private static final long ROUND_BYTES = Long.getLong("mib", 1024) << 20;

    /**
     * @param bufferedNanosPerByte up to the moment when every record is in a buffer
     * @param landedNanosPerByte until every record is committed
     */
    private record Run(
            double bufferedNanosPerByte,
            double landedNanosPerByte,
            double seconds,
            int live,
            long directBytes) {}

    private PartitionsBenchmark() {}

    static List<GoalRow> run(int rounds) throws Exception {
        try (Folders folders = new Folders()) {
            return run(rounds, folders);
        }
    }

    private static List<GoalRow> run(int rounds, Folders folders) throws Exception {
        Usage.watchHeap();
        Statistics.line("%s", Usage.machine());
        RecordBatch[] one = Clickstream.uniform(14, 1).batches(POOL_BYTES);
        RecordBatch[] many = Clickstream.uniform(14, PARTITIONS).batches(POOL_BYTES);
        List<Run> intoOne = new ArrayList<>();
        List<Run> intoMany = new ArrayList<>();
        for (int round = -1; round < rounds; round++) {
            Run a = run(one, folders);
            Run b = run(many, folders);
            tell(round, a);
            tell(round, b);
            if (round >= 0) {
                intoOne.add(a);
                intoMany.add(b);
            }
        }
        double buffered = Statistics.median(intoMany, Run::bufferedNanosPerByte);
        double landed = Statistics.median(intoMany, Run::landedNanosPerByte);
        double bufferedOne = Statistics.median(intoOne, Run::bufferedNanosPerByte);
        double landedOne = Statistics.median(intoOne, Run::landedNanosPerByte);
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds, %s each | CPU ms/MB until buffered | until landed |",
                rounds, Statistics.mebibytes(ROUND_BYTES));
        Statistics.line("|---|---|---|");
        Statistics.line("| 1 partition | %.2f | %.2f |", bufferedOne, landedOne);
        Statistics.line("| %,d partitions | %.2f | %.2f |", PARTITIONS, buffered, landed);
        Statistics.line("| ratio | %.2f× | %.2f× |", buffered / bufferedOne, landed / landedOne);
        Statistics.line(
                "peak heap %s, peak resident %s",
                Statistics.mebibytes(Usage.peakHeapBytes()),
                Statistics.mebibytes(Usage.peakResidentBytes(ProcessHandle.current().pid())));
        Statistics.line("");
        return List.of(
                GoalRow.atMost(
                        14,
                        "10,000 partitions vs one, CPU per MB until landed",
                        landed / landedOne,
                        2,
                        1.5));
    }

    private static void tell(int round, Run run) {
        Statistics.line(
                "  %s %,6d live  %5.2f CPU ms/MB until buffered, %5.2f until landed, %.1f s,"
                        + " direct %s",
                round < 0 ? "warm-up" : "round " + (round + 1),
                run.live(),
                run.bufferedNanosPerByte(),
                run.landedNanosPerByte(),
                run.seconds(),
                Statistics.mebibytes(run.directBytes()));
    }

    /**
     * The folders of all rounds: files are emptied behind their round, and removed behind the last
     * one. ext4 without a journal gives the number of a deleted file to no other one for minutes,
     * and passes all such numbers at each file that it creates: rounds would pay for the 20,000
     * files and folders of those before them.
     */
    private static final class Folders implements AutoCloseable {
        private final List<Scratch> all = new ArrayList<>();

        Scratch next() throws IOException {
            Scratch next = Scratch.open("partitions");
            all.add(next);
            return next;
        }

        /** Gives the bytes of the last one back to memory and disk. */
        void emptyLast() throws IOException {
            try (Stream<Path> files = Files.walk(all.get(all.size() - 1).folder())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.write(file, new byte[0]);
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (Scratch scratch : all) {
                scratch.close();
            }
        }
    }

    private static Run run(RecordBatch[] pool, Folders folders) throws Exception {
        BufferingHints hints = new BufferingHints(128, 900, BufferingHints.Latency.STANDARD);
        Bench bench = Bench.open(folders.next(), Bench.byCustomer(hints, PARTITIONS), c -> c);
        try {
            long cpu = Usage.cpuNanos();
            long begun = System.nanoTime();
            long bytes = 0;
            long records = 0;
            for (int i = 0; bytes < ROUND_BYTES; i++) {
                RecordBatch batch = pool[i % pool.length];
                bench.put(batch);
                bytes += batch.recordBytes();
                records += batch.count();
            }
            bench.awaitRead(records);
            int live = bench.lane().activePartitions();
            double buffered = (double) (Usage.cpuNanos() - cpu) / bytes;
            bench.flush();
            double landed = (double) (Usage.cpuNanos() - cpu) / bytes;
            double seconds = (System.nanoTime() - begun) / 1e9;
            bench.audit(records);
            return new Run(buffered, landed, seconds, live, Usage.directBytes());
        } finally {
            bench.stop();
            folders.emptyLast();
        }
    }
}
