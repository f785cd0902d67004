package io.delivery.benchmarks;

import io.delivery.config.BufferingHints;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long a producer waits for its answer when 1, 8 or 64 of them send as fast as they are
 * answered, beside what the disk's own sync takes at that size: whole batches of 250 kB and single
 * records. The lane reads along; its objects hold next to nothing.
 */
final class AcceptBenchmark {
    private static final Duration WINDOW = Duration.ofMillis(Long.getLong("millis", 5000));
    private static final int BATCH_RECORDS = 564;

    private enum Size {
        BATCH("250 kB", BATCH_RECORDS, 256 << 10, 512L << 20),
        RECORD("1 record", 1, 4 << 10, 8L << 20);

        private final String text;
        private final int records;
        private final int block;
        private final long referenceBytes;

        Size(String text, int records, int block, long referenceBytes) {
            this.text = text;
            this.records = records;
            this.block = block;
            this.referenceBytes = referenceBytes;
        }
    }

    private record Case(Size size, int producers, List<Producers.Seen> seen) {}

    private AcceptBenchmark() {}

    static void run(int rounds) throws Exception {
        Statistics.line("%s", Usage.machine());
        List<Case> cases = new ArrayList<>();
        for (Size size : Size.values()) {
            for (int producers : new int[] {1, 8, 64}) {
                cases.add(new Case(size, producers, new ArrayList<>()));
            }
        }
        List<List<DiskReference.Run>> disk = List.of(new ArrayList<>(), new ArrayList<>());
        List<String> names = new ArrayList<>(List.of("", ""));
        for (int round = -1; round < rounds; round++) {
            for (Size size : Size.values()) {
                try (Scratch folder = Scratch.open("disk")) {
                    DiskReference reference =
                            new DiskReference(folder.folder(), size.block, size.referenceBytes);
                    DiskReference.Run run = reference.run();
                    names.set(size.ordinal(), reference.name());
                    if (round >= 0) {
                        disk.get(size.ordinal()).add(run);
                    }
                }
            }
            for (Case one : cases) {
                Producers.Seen seen = measure(one);
                Statistics.line(
                        "  %s %-9s %2d producers: %7.1f MB/s  p50 %7.3f  p99 %7.3f ms  load"
                                + " average %.2f",
                        round < 0 ? "warm-up" : "round " + (round + 1),
                        one.size().text,
                        one.producers(),
                        seen.megabytesPerSecond(),
                        seen.p50Nanos() / 1e6,
                        seen.p99Nanos() / 1e6,
                        Usage.loadAverage());
                if (round >= 0) {
                    one.seen().add(seen);
                }
            }
        }
        report(rounds, cases, disk, names);
    }

    private static Producers.Seen measure(Case one) throws IOException {
        RecordBatch batch = Clickstream.zipf(6, 1000).batch(one.size().records);
        BufferingHints hints = new BufferingHints(128, 900, BufferingHints.Latency.STANDARD);
        try (Bench bench =
                Bench.open(
                        "accept",
                        Bench.raw(hints),
                        made ->
                                Bench.changed(
                                        made,
                                        List.of(),
                                        Optional.empty(),
                                        JournalBenchmark.NEXT_TO_NOTHING))) {
            try (Producers producers = Producers.eager(bench.stream(), batch, one.producers())) {
                producers.during(WINDOW.dividedBy(2)); // until segments have reached their size
                return producers.during(WINDOW);
            }
        }
    }

    private static void report(
            int rounds, List<Case> cases, List<List<DiskReference.Run>> disk, List<String> names) {
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds | MB/s | p50 ms | p99 ms | p50 of the sync's | p99 of the"
                        + " sync's |",
                rounds);
        Statistics.line("|---|---|---|---|---|---|");
        for (Size size : Size.values()) {
            List<DiskReference.Run> reference = disk.get(size.ordinal());
            double p50 = Statistics.median(reference, DiskReference.Run::syncP50Nanos);
            double p99 = Statistics.median(reference, DiskReference.Run::syncP99Nanos);
            Statistics.line(
                    "| %s | %.1f | %.3f | %.3f | | |",
                    names.get(size.ordinal()),
                    Statistics.median(reference, DiskReference.Run::megabytesPerSecond),
                    p50 / 1e6,
                    p99 / 1e6);
            for (Case one : cases) {
                if (one.size() == size) {
                    double ours50 = Statistics.median(one.seen(), Producers.Seen::p50Nanos);
                    double ours99 = Statistics.median(one.seen(), Producers.Seen::p99Nanos);
                    Statistics.line(
                            "| %d × %s | %.1f | %.3f | %.3f | %.1f× | %.1f× |",
                            one.producers(),
                            size.text,
                            Statistics.median(one.seen(), Producers.Seen::megabytesPerSecond),
                            ours50 / 1e6,
                            ours99 / 1e6,
                            ours50 / p50,
                            ours99 / p99);
                }
            }
        }
    }
}
