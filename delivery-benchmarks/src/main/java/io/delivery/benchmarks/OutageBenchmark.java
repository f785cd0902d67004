package io.delivery.benchmarks;

import io.delivery.config.BufferingHints;
import io.delivery.record.RecordBatch;
import io.delivery.stream.DeliveryStream;
import io.delivery.stream.Stopping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A store is down for a minute: how much accept throughput that costs while it is, and how long it
 * takes until everything that had been accepted by then has landed, the load going on meanwhile.
 */
final class OutageBenchmark {
    private static final Duration DOWN = Duration.ofSeconds(Long.getLong("seconds", 60));
    private static final double RATE = Double.parseDouble(System.getProperty("rate", "100")) * 1e6;
    private static final int PRODUCERS = 8;
    private static final int BATCH_RECORDS = 564;

    private record Run(
            Producers.Seen before,
            Producers.Seen down,
            Producers.Seen after,
            double drainSeconds,
            long backlogBytes) {}

    private OutageBenchmark() {}

    static void run(int rounds) throws Exception {
        Statistics.line(
                "%s; %.0f MB/s are offered by %d producers, the store is down for %d s",
                Usage.machine(), RATE / 1e6, PRODUCERS, DOWN.toSeconds());
        List<Run> runs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Run run = once();
            runs.add(run);
            Statistics.line(
                    "  round %d: before %s; down %s; backlog %s drained in %.1f s; after %s; load"
                            + " average %.2f",
                    round + 1,
                    words(run.before()),
                    words(run.down()),
                    Statistics.mebibytes(run.backlogBytes()),
                    run.drainSeconds(),
                    words(run.after()),
                    Usage.loadAverage());
        }
        report(rounds, runs);
    }

    private static Run once() throws Exception {
        RecordBatch batch = Clickstream.zipf(6, 1000).batch(BATCH_RECORDS);
        BufferingHints hints = new BufferingHints(64, 5, BufferingHints.Latency.LOW);
        try (SwitchedStore store = new SwitchedStore();
                BenchEngine engine = BenchEngine.on(Scratch.open("outage"), name -> store)) {
            DeliveryStream stream = engine.open(Bench.raw(hints), UnaryOperator.identity());
            Run run;
            try (Producers producers = Producers.paced(stream, batch, PRODUCERS, RATE)) {
                producers.during(DOWN.dividedBy(6));
                Producers.Seen before = producers.during(DOWN.dividedBy(2));
                store.switchOff();
                Producers.Seen down = producers.during(DOWN);
                long backlog = stream.status().journalBytes();
                store.switchOn();
                long back = System.nanoTime();
                producers.begin();
                stream.flush().toCompletableFuture().join();
                double drain = (System.nanoTime() - back) / 1e9;
                run = new Run(before, down, producers.seen(), drain, backlog);
            }
            stream.flush().toCompletableFuture().join();
            stream.stop(Stopping.KEEP_OPEN, Duration.ZERO).toCompletableFuture().join();
            return run;
        }
    }

    private static String words(Producers.Seen seen) {
        return "%.1f MB/s p99 %.2f ms%s"
                .formatted(
                        seen.megabytesPerSecond(),
                        seen.p99Nanos() / 1e6,
                        seen.refused() == 0 ? "" : " (" + seen.refused() + " refused)");
    }

    private static void report(int rounds, List<Run> runs) {
        double before = Statistics.median(runs, r -> r.before().megabytesPerSecond());
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds | accepted MB/s | of before | p50 ms | p99 ms |", rounds);
        Statistics.line("|---|---|---|---|---|");
        line("before", before, runs.stream().map(Run::before).toList());
        line(
                "store down for %d s".formatted(DOWN.toSeconds()),
                before,
                runs.stream().map(Run::down).toList());
        line("while it drains", before, runs.stream().map(Run::after).toList());
        Statistics.line(
                "| drained after %.1f s: %.1f s per minute of outage, journal %.0f MiB | | | | |",
                Statistics.median(runs, Run::drainSeconds),
                Statistics.median(runs, Run::drainSeconds) * 60 / DOWN.toSeconds(),
                Statistics.median(runs, r -> r.backlogBytes() >> 20));
    }

    private static void line(String text, double before, List<Producers.Seen> seen) {
        double speed = Statistics.median(seen, Producers.Seen::megabytesPerSecond);
        Statistics.line(
                "| %s | %.1f | %.2f× | %.2f | %.2f |",
                text,
                speed,
                speed / before,
                Statistics.median(seen, Producers.Seen::p50Nanos) / 1e6,
                Statistics.median(seen, Producers.Seen::p99Nanos) / 1e6);
    }
}
