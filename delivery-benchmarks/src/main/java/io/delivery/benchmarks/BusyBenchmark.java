package io.delivery.benchmarks;

import io.delivery.record.RecordBatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a megabyte costs where many streams are busy, beside one stream, and in small records beside
 * usual ones: the same bytes over as many connections, each way into a daemon of its own, in turns.
 * CPU of the daemon's process, from warm. The streams compress; what small records are compared
 * with does not, because lines of another length are other text to a compressor.
 */
final class BusyBenchmark {
    private static final long RAW_BYTES = Long.getLong("mib", 128) << 20;
    private static final int WARM_UPS = Integer.getInteger("warmups", 8);
    private static final int STREAMS = 50;
    private static final int SMALL_BYTES = 100;
    private static final String WAYS = System.getProperty("ways", "ONE,MANY,USUAL,SMALL");

    /** Of the CPU that a megabyte takes into one stream. */
    private static final double GOAL_OF_STREAMS = 1.2;

    /** Half of what a megabyte of small records took beyond one of usual records, 1.7 times. */
    private static final double GOAL_OF_SMALL = 1.35;

    /** Each stream has a floor there. */
    private static final String LIMITS = "limits: {disk: 20GB}";

    /** No buffer is closed by its size while requests come: all are closed by the flush. */
    private static final String STREAM =
            """
              s%d:
                buffer: {size: 128MB, interval: 900s}
                format: {raw: {delimiter: lines}}
                destination: {bucket: s%1$d, compression: %s}
            """;

    /** What is measured, in turns. */
    private enum Way {
        ONE("1 stream, gzip", 1, "gzip"),
        MANY(STREAMS + " streams, gzip", STREAMS, "gzip"),
        USUAL("1 stream, not compressed", 1, "none"),
        SMALL("the same, records of " + SMALL_BYTES + " bytes", 1, "none");

        private final String title;
        private final int streams;
        private final String compression;

        Way(String title, int streams, String compression) {
            this.title = title;
            this.streams = streams;
            this.compression = compression;
        }
    }

    /** What is sent in each round of a way, and the daemon that takes it. */
    private record Side(LoadedDaemon daemon, List<PutRequests.Call> calls, long records) {}

    private final Map<Way, Side> sides = new EnumMap<>(Way.class);
    private final Map<Way, List<LoadedDaemon.Load>> rounds = new EnumMap<>(Way.class);
    private final long bytes;

    private BusyBenchmark(Path folder) throws Exception {
        RecordBatch[] usual = Clickstream.uniform(1, 1_000).batches(RAW_BYTES);
        RecordBatch[] small = Batches.cut(usual, SMALL_BYTES, Clickstream.BATCH_RECORDS);
        bytes = Batches.recordBytes(usual);
        for (String name : WAYS.split(",")) {
            Way way = Way.valueOf(name);
            RecordBatch[] records = way == Way.SMALL ? small : usual;
            sides.put(
                    way,
                    new Side(
                            daemon(folder.resolve(way.name()), way),
                            PutRequests.batches(records, batch -> "s" + batch % way.streams),
                            Batches.count(records)));
            rounds.put(way, new ArrayList<>());
        }
    }

    static void run(int rounds) throws Exception {
        Statistics.line("%s; %s in each round", Usage.machine(), Statistics.mebibytes(RAW_BYTES));
        try (Scratch scratch = Scratch.open("busy")) {
            new BusyBenchmark(scratch.folder()).measure(rounds);
        }
    }

    private static LoadedDaemon daemon(Path folder, Way way) throws Exception {
        StringBuilder streams = new StringBuilder();
        for (int i = 0; i < way.streams; i++) {
            streams.append(STREAM.formatted(i, way.compression));
        }
        return new LoadedDaemon(folder, LIMITS, "    directory: lake", streams.toString());
    }

    private void measure(int count) throws Exception {
        try {
            for (Side side : sides.values()) {
                side.daemon.start();
            }
            for (int round = -WARM_UPS; round < count; round++) {
                turns(round);
            }
            report(count);
        } finally {
            for (Side side : sides.values()) {
                side.daemon.stop();
            }
        }
    }

    private void turns(int round) throws Exception {
        for (Map.Entry<Way, Side> entry : sides.entrySet()) {
            Side side = entry.getValue();
            LoadedDaemon.Load load = side.daemon.load(side.calls, side.records);
            Statistics.line(
                    "  %s %-34s %5.2f ms/MB until answered, %5.2f until landed; load average %.2f",
                    round < 0 ? "warm-up" : "round " + (round + 1),
                    entry.getKey().title,
                    perMegabyte(load.answered().total()),
                    perMegabyte(load.landed().total()),
                    Usage.loadAverage());
            if (round >= 0) {
                rounds.get(entry.getKey()).add(load);
            }
        }
    }

    /** In milliseconds. */
    private double perMegabyte(Duration cpu) {
        return cpu.toNanos() / 1e6 / Statistics.megabytes(bytes);
    }

    private void report(int count) {
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds, CPU ms per raw MB | until answered | of it kernel | until landed | of it kernel | MB/s |",
                count);
        Statistics.line("|---|---|---|---|---|---|");
        for (Way way : sides.keySet()) {
            Statistics.line(
                    "| %s | %.2f | %.2f | %.2f | %.2f | %.1f |",
                    way.title,
                    answered(way),
                    median(way, load -> perMegabyte(load.answered().kernel())),
                    landed(way),
                    median(way, load -> perMegabyte(load.landed().kernel())),
                    median(way, load -> Statistics.megabytes(bytes) / load.seconds()));
        }
        Statistics.line("");
        ratio(Way.MANY, Way.ONE, GOAL_OF_STREAMS);
        ratio(Way.SMALL, Way.USUAL, GOAL_OF_SMALL);
    }

    private void ratio(Way way, Way beside, double goal) {
        if (!sides.containsKey(way) || !sides.containsKey(beside)) {
            return;
        }
        double answered = answered(way) / answered(beside);
        double landed = landed(way) / landed(beside);
        Statistics.line(
                "%s, beside %s: %.2f× until answered, %.2f× until landed (goal: at most %.2f×, %s)",
                way.title,
                beside.title,
                answered,
                landed,
                goal,
                Math.max(answered, landed) <= goal ? "reached" : "missed");
    }

    private double answered(Way way) {
        return median(way, load -> perMegabyte(load.answered().total()));
    }

    private double landed(Way way) {
        return median(way, load -> perMegabyte(load.landed().total()));
    }

    private double median(Way way, ToDoubleFunction<LoadedDaemon.Load> value) {
        return Statistics.median(rounds.get(way), value);
    }
}
