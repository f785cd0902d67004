package io.delivery.benchmarks;

import io.delivery.config.BufferingHints;
import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordEncoder;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.RecordBatch;
import io.delivery.record.SequencedRecord;
import io.delivery.stream.StreamComponents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.function.UnaryOperator;

/**
 * Rows 6 and 7: {@code DeliveryStream.accept} in process, by producers that send 250 kB each and
 * wait for the answer, in turns with what the disk itself can do.
 *
 * <p>In production a lane reads along, and its store is usually elsewhere. So there are several
 * settings. The lane waits for a processor while producers send, and gives the journal's segments
 * back between bursts, or never, so that the journal can only grow. The lane reads, buffers and
 * commits, but its objects hold next to nothing. The lane lands all bytes on the very disk that the
 * journal is on. Whatever the lane does takes processors from the producers, which run in this
 * process as well.
 */
final class JournalBenchmark {
    private static final int BATCH_BYTES = 250_000;
    private static final long ROUND_BYTES = 1L << 30;
    private static final int WARM_UPS = 2;

    /** As much as a busy journal keeps in spare segments. */
    private static final long BURST_BYTES = 240L << 20;

    private static final int WARM_UP_BURSTS = 3;
    private static final int BURSTS = 4;

    private enum Setting {
        BURSTS("8 producers, bursts between which the lane catches up", 8),
        GROWS("8 producers, lane waits", 8),
        FOLLOWS("8 producers, lane reads along", 8),
        LANDS("8 producers, lane lands on this disk", 8),
        SINGLE("1 producer, lane waits", 1);

        private final String text;
        private final int producers;

        Setting(String text, int producers) {
            this.text = text;
            this.producers = producers;
        }

        private String property() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What producers saw, and what it took. */
    private record Produced(long[] nanos, long tookNanos, long cpuNanos) {
        Produced plus(Produced other) {
            long[] both = Arrays.copyOf(nanos, nanos.length + other.nanos.length);
            System.arraycopy(other.nanos, 0, both, nanos.length, other.nanos.length);
            return new Produced(both, tookNanos + other.tookNanos, cpuNanos + other.cpuNanos);
        }

        Run run(int batchBytes) {
            double bytes = (double) nanos.length * batchBytes;
            return new Run(
                    bytes / 1e6 / (tookNanos / 1e9),
                    cpuNanos / bytes,
                    Statistics.percentile(nanos, 0.5),
                    Statistics.percentile(nanos, 0.99));
        }
    }

    /** All of them, or those of {@code -Dsettings=bursts,follows}. */
    private static final List<Setting> SETTINGS =
            Arrays.stream(Setting.values())
                    .filter(
                            setting ->
                                    List.of(System.getProperty("settings", "").split(","))
                                                    .contains(setting.property())
                                            || System.getProperty("settings") == null)
                    .toList();

    private record Run(
            double megabytesPerSecond, double cpuNanosPerByte, double p50Nanos, double p99Nanos) {}

    private JournalBenchmark() {}

    static void run(int rounds) throws Exception {
        Map<Setting, List<Run>> runs = new EnumMap<>(Setting.class);
        List<DiskReference.Run> disk = new ArrayList<>();
        RecordBatch batch = Clickstream.zipf(6, 1000).batch(BATCH_BYTES / 443);
        Statistics.line("%s", Usage.machine());
        Statistics.line("%d records, %d bytes a batch", batch.count(), batch.length());
        String reference = "";
        for (int round = -WARM_UPS; round < rounds; round++) {
            try (Scratch folder = Scratch.open("disk")) {
                DiskReference probe = new DiskReference(folder.folder());
                reference = probe.name();
                DiskReference.Run run = probe.run();
                if (round >= 0) {
                    disk.add(run);
                }
            }
            for (Setting setting : SETTINGS) {
                Run run = run(setting, batch);
                Statistics.line(
                        "  %s %-55s %6.0f MB/s  accept p50 %5.2f p99 %6.2f ms",
                        round < 0 ? "warm-up" : "round " + (round + 1),
                        setting.text,
                        run.megabytesPerSecond(),
                        run.p50Nanos() / 1e6,
                        run.p99Nanos() / 1e6);
                if (round >= 0) {
                    runs.computeIfAbsent(setting, s -> new ArrayList<>()).add(run);
                }
            }
        }
        report(reference, disk, runs);
    }

    private static void report(
            String reference, List<DiskReference.Run> disk, Map<Setting, List<Run>> runs) {
        double diskSpeed = Statistics.median(disk, DiskReference.Run::megabytesPerSecond);
        double diskP99 = Statistics.median(disk, DiskReference.Run::syncP99Nanos);
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds | MB/s | of the disk's | p50 ms | p99 ms | of its fdatasync"
                        + " p99 | CPU ms/MB |",
                disk.size());
        Statistics.line("|---|---|---|---|---|---|---|");
        Statistics.line(
                "| %s | %.0f | | %.2f | %.2f | | |",
                reference,
                diskSpeed,
                Statistics.median(disk, DiskReference.Run::syncP50Nanos) / 1e6,
                diskP99 / 1e6);
        runs.forEach(
                (setting, all) -> {
                    double speed = Statistics.median(all, Run::megabytesPerSecond);
                    double p99 = Statistics.median(all, Run::p99Nanos);
                    Statistics.line(
                            "| %s | %.0f | %.2f× | %.2f | %.2f | %.1f× | %.2f |",
                            setting.text,
                            speed,
                            speed / diskSpeed,
                            Statistics.median(all, Run::p50Nanos) / 1e6,
                            p99 / 1e6,
                            p99 / diskP99,
                            Statistics.median(all, Run::cpuNanosPerByte));
                });
    }

    private static Run run(Setting setting, RecordBatch batch) throws Exception {
        HeldProcessor held = new HeldProcessor();
        BufferingHints hints = new BufferingHints(128, 900, BufferingHints.Latency.STANDARD);
        UnaryOperator<StreamComponents> change =
                switch (setting) {
                    case BURSTS, GROWS, SINGLE -> c -> with(c, List.of(held), NEXT_TO_NOTHING);
                    case FOLLOWS -> c -> with(c, List.of(), NEXT_TO_NOTHING);
                    case LANDS -> UnaryOperator.identity();
                };
        try (Bench bench = Bench.open("journal-" + setting.property(), Bench.raw(hints), change)) {
            Produced produced =
                    setting == Setting.BURSTS
                            ? bursts(bench, batch, setting.producers, held)
                            : steadily(bench, batch, setting.producers);
            held.release();
            return produced.run(batch.length());
        }
    }

    private static Produced steadily(Bench bench, RecordBatch batch, int producers)
            throws Exception {
        int each = (int) (ROUND_BYTES / batch.length() / producers);
        // A journal that has been busy for a while: its segments have reached their full size.
        produce(bench, batch, producers, each / 2);
        return produce(bench, batch, producers, each);
    }

    /** The lane waits while records come, and gives their segments back in between. */
    private static Produced bursts(
            Bench bench, RecordBatch batch, int producers, HeldProcessor held) throws Exception {
        int each = (int) (BURST_BYTES / batch.length() / producers);
        Produced sum = null;
        for (int burst = -WARM_UP_BURSTS; burst < BURSTS; burst++) {
            held.hold();
            Produced produced = produce(bench, batch, producers, each);
            held.release();
            bench.flush();
            if (burst >= 0) {
                sum = sum == null ? produced : sum.plus(produced);
            }
        }
        return sum;
    }

    private static StreamComponents with(
            StreamComponents components, List<Processor> processors, EncoderFactory encoder) {
        return Bench.changed(components, processors, Optional.empty(), encoder);
    }

    private static Produced produce(Bench bench, RecordBatch batch, int producers, int each)
            throws Exception {
        long[] nanos = new long[producers * each];
        CyclicBarrier ready = new CyclicBarrier(producers + 1);
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            int first = i * each;
            CompletableFuture<Void> end = new CompletableFuture<>();
            done.add(end);
            new Thread(
                            () -> {
                                try {
                                    ready.await();
                                    for (int n = 0; n < each; n++) {
                                        long begun = System.nanoTime();
                                        bench.stream().accept(batch).toCompletableFuture().join();
                                        nanos[first + n] = System.nanoTime() - begun;
                                    }
                                    end.complete(null);
                                } catch (Exception failed) {
                                    end.completeExceptionally(failed);
                                }
                            },
                            "producer-" + i)
                    .start();
        }
        ready.await();
        long begun = System.nanoTime();
        long cpu = Usage.cpuNanos();
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).join();
        long took = System.nanoTime() - begun;
        return new Produced(nanos, took, Usage.cpuNanos() - cpu);
    }

    /** Answers nothing while it is held: the lane waits, as for a function that takes long. */
    static final class HeldProcessor implements Processor {
        private volatile CompletableFuture<Void> released = new CompletableFuture<>();

        @Override
        public CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
            return released.thenApply(
                    done ->
                            records.stream()
                                    .<Outcome>map(record -> new Outcome.Dropped())
                                    .toList());
        }

        void hold() {
            released = new CompletableFuture<>();
        }

        void release() {
            released.complete(null);
        }
    }

    /** Reads every record and writes how many there were. */
    static final EncoderFactory NEXT_TO_NOTHING =
            new EncoderFactory() {
                @Override
                public RecordEncoder encoder(long memoryBytes) {
                    return (records, out, rejected) -> {
                        long count = 0;
                        while (records.next() != null) {
                            count++;
                        }
                        out.write(Long.toString(count).getBytes(StandardCharsets.US_ASCII));
                    };
                }

                @Override
                public String extension() {
                    return "";
                }

                @Override
                public String contentEncoding() {
                    return "";
                }

                @Override
                public long memoryBytes() {
                    return 0;
                }

                @Override
                public long expectedBytes(long inputBytes) {
                    return Long.BYTES;
                }
            };
}
