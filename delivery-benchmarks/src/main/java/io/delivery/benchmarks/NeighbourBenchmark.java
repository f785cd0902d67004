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
 * What a stream feels of another one's sick store: windows in which that store answers and windows
 * in which it does not, in turns; the p99 of accept of the healthy stream in each. Between them the
 * sick stream drains, which belongs to neither.
 */
final class NeighbourBenchmark {
    private static final Duration WINDOW = Duration.ofSeconds(Long.getLong("seconds", 30));
    private static final double RATE = Double.parseDouble(System.getProperty("rate", "20")) * 1e6;
    private static final int PRODUCERS = 4;
    private static final int BATCH_RECORDS = 100;
    private static final double MOST = 2;

    private NeighbourBenchmark() {}

    static void run(int rounds) throws Exception {
        Statistics.line(
                "%s; %.0f MB/s into each of two streams, windows of %d s",
                Usage.machine(), RATE / 1e6, WINDOW.toSeconds());
        SwitchedStore sickStore = new SwitchedStore();
        SwitchedStore wellStore = new SwitchedStore();
        List<Producers.Seen> well = new ArrayList<>();
        List<Producers.Seen> sick = new ArrayList<>();
        RecordBatch batch = Clickstream.zipf(6, 1000).batch(BATCH_RECORDS);
        BufferingHints hints = new BufferingHints(16, 5, BufferingHints.Latency.LOW);
        try (BenchEngine engine =
                        BenchEngine.on(
                                Scratch.open("neighbour"),
                                name -> name.equals("sick") ? sickStore : wellStore);
                sickStore;
                wellStore) {
            DeliveryStream ill =
                    engine.open(Bench.raw("ill", "sick", hints), UnaryOperator.identity());
            DeliveryStream other =
                    engine.open(Bench.raw("other", "well", hints), UnaryOperator.identity());
            try (Producers illOnes = Producers.paced(ill, batch, PRODUCERS, RATE);
                    Producers others = Producers.paced(other, batch, PRODUCERS, RATE)) {
                others.during(WINDOW.dividedBy(2));
                for (int round = 0; round < rounds; round++) {
                    well.add(window(round, "well", illOnes, others));
                    sickStore.switchOff();
                    sick.add(window(round, "sick", illOnes, others));
                    sickStore.switchOn();
                    ill.flush().toCompletableFuture().join();
                }
            }
            for (DeliveryStream stream : List.of(ill, other)) {
                stream.flush().toCompletableFuture().join();
                stream.stop(Stopping.KEEP_OPEN, Duration.ZERO).toCompletableFuture().join();
            }
        }
        report(rounds, well, sick);
    }

    private static Producers.Seen window(int round, String state, Producers ill, Producers others) {
        ill.begin();
        Producers.Seen seen = others.during(WINDOW);
        Statistics.line(
                "  window %d, store %s: other stream %.1f MB/s, p50 %.3f p99 %.3f ms; ill stream"
                        + " %.1f MB/s, %d refused; load average %.2f",
                round + 1,
                state,
                seen.megabytesPerSecond(),
                seen.p50Nanos() / 1e6,
                seen.p99Nanos() / 1e6,
                ill.seen().megabytesPerSecond(),
                ill.seen().refused(),
                Usage.loadAverage());
        return seen;
    }

    private static void report(int rounds, List<Producers.Seen> well, List<Producers.Seen> sick) {
        double p99Well = Statistics.median(well, Producers.Seen::p99Nanos);
        double p99Sick = Statistics.median(sick, Producers.Seen::p99Nanos);
        Statistics.line("");
        Statistics.line(
                "| accept of the healthy stream, medians of %d windows | MB/s | p50 ms | p99 ms |",
                rounds);
        Statistics.line("|---|---|---|---|");
        line("the other's store answers", well);
        line("the other's store does not", sick);
        Statistics.line("| ratio (at most %.0f) | | | %.2f× |", MOST, p99Sick / p99Well);
    }

    private static void line(String text, List<Producers.Seen> seen) {
        Statistics.line(
                "| %s | %.1f | %.3f | %.3f |",
                text,
                Statistics.median(seen, Producers.Seen::megabytesPerSecond),
                Statistics.median(seen, Producers.Seen::p50Nanos) / 1e6,
                Statistics.median(seen, Producers.Seen::p99Nanos) / 1e6);
    }
}
