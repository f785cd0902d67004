package io.delivery.benchmarks;

import io.delivery.config.BufferingHints;
import io.delivery.config.EncryptionSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.record.RecordBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What encryption costs: the same bytes are accepted and landed by a stream that is encrypted on
 * the disk and by one that is not, in turns. A store that wants nothing but bytes, a directory on
 * the same disk, leaves encryption the largest share that it can have.
 */
final class EncryptionBenchmark {
    private static final int PRODUCERS = 8;
    private static final int BATCH_BYTES = 250_000;
    private static final long ROUND_BYTES = Long.getLong("input", 512L << 20);
    private static final int WARM_UPS = 1;

    private enum Kept {
        PLAIN,
        ENCRYPTED;

        StreamDefinition definition() {
            StreamDefinition plain =
                    Bench.raw(new BufferingHints(16, 900, BufferingHints.Latency.STANDARD));
            return switch (this) {
                case PLAIN -> plain;
                case ENCRYPTED -> plain.withEncryption(Optional.of(EncryptionSettings.DEFAULT));
            };
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Run(
            double acceptMegabytesPerSecond,
            double acceptP50Nanos,
            double acceptP99Nanos,
            double landMegabytesPerSecond,
            double cpuNanosPerByte) {}

    private EncryptionBenchmark() {}

    static void run(int rounds) throws Exception {
        RecordBatch batch = Clickstream.zipf(6, 1000).batch(BATCH_BYTES / 443);
        Statistics.line("%s", Usage.machine());
        Statistics.line(
                "%d producers, %d bytes a batch, %s a round",
                PRODUCERS, batch.length(), Statistics.mebibytes(ROUND_BYTES));
        Map<Kept, List<Run>> runs = new EnumMap<>(Kept.class);
        for (int round = -WARM_UPS; round < rounds; round++) {
            for (Kept kept : Kept.values()) {
                Run run = run(kept, batch);
                Statistics.line(
                        "  %s %-9s accept %5.0f MB/s p50 %5.2f p99 %6.2f ms, accept and land %4.0f MB/s, CPU %.2f ms/MB",
                        round < 0 ? "warm-up" : "round " + (round + 1),
                        kept.text(),
                        run.acceptMegabytesPerSecond,
                        run.acceptP50Nanos / 1e6,
                        run.acceptP99Nanos / 1e6,
                        run.landMegabytesPerSecond,
                        run.cpuNanosPerByte);
                if (round >= 0) {
                    runs.computeIfAbsent(kept, first -> new ArrayList<>()).add(run);
                }
            }
        }
        tell(runs, "accept, MB/s", Run::acceptMegabytesPerSecond);
        tell(runs, "accept p50, ms", run -> run.acceptP50Nanos / 1e6);
        tell(runs, "accept p99, ms", run -> run.acceptP99Nanos / 1e6);
        tell(runs, "accept and land, MB/s", Run::landMegabytesPerSecond);
        tell(runs, "CPU, ms/MB", Run::cpuNanosPerByte);
    }

    private static void tell(Map<Kept, List<Run>> runs, String what, ToDoubleFunction<Run> value) {
        double plain = Statistics.median(runs.get(Kept.PLAIN), value);
        double encrypted = Statistics.median(runs.get(Kept.ENCRYPTED), value);
        Statistics.line("| %s | %.2f | %.2f | %.2f× |", what, plain, encrypted, encrypted / plain);
    }

    private static Run run(Kept kept, RecordBatch batch) throws Exception {
        int each = (int) (ROUND_BYTES / batch.length() / PRODUCERS);
        try (Bench bench = Bench.open("encryption", kept.definition(), same -> same)) {
            requireKept(kept, bench, batch);
            long cpu = Usage.cpuNanos();
            long begun = System.nanoTime();
            long[] nanos = produce(bench, batch, each);
            long accepted = System.nanoTime() - begun;
            bench.flush();
            long landed = System.nanoTime() - begun;
            bench.audit((nanos.length + 1L) * batch.count());
            double bytes = (double) nanos.length * batch.length();
            return new Run(
                    bytes / 1e6 / (accepted / 1e9),
                    Statistics.percentile(nanos, 0.5),
                    Statistics.percentile(nanos, 0.99),
                    bytes / 1e6 / (landed / 1e9),
                    (Usage.cpuNanos() - cpu) / bytes);
        }
    }

    /** A comparison of two streams of one kind would say nothing. */
    private static void requireKept(Kept kept, Bench bench, RecordBatch batch) {
        if (bench.put(batch).encrypted() != (kept == Kept.ENCRYPTED)) {
            throw new IllegalStateException("the stream is not kept " + kept.text());
        }
    }

    /** How long each batch waited, in nanoseconds. */
    private static long[] produce(Bench bench, RecordBatch batch, int each)
            throws InterruptedException {
        long[][] waited = new long[PRODUCERS][each];
        List<Thread> producers = new ArrayList<>();
        for (long[] mine : waited) {
            Thread producer =
                    new Thread(
                            () -> {
                                for (int i = 0; i < mine.length; i++) {
                                    long sent = System.nanoTime();
                                    bench.put(batch);
                                    mine[i] = System.nanoTime() - sent;
                                }
                            });
            producers.add(producer);
            producer.start();
        }
        for (Thread producer : producers) {
            producer.join();
        }
        return Arrays.stream(waited).flatMapToLong(Arrays::stream).toArray();
    }
}
