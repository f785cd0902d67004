package io.delivery.benchmarks;

import io.delivery.config.BufferingHints;
import io.delivery.config.StreamDefinition;
import io.delivery.record.RecordBatch;
import io.delivery.stream.StreamComponents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * How long a start takes per GiB of journal, after SIGKILL and after SIGTERM: until it accepts
 * again, and until the lane has read everything that was not committed. Beside it what reading the
 * same files and their checksum takes in a plain loop. Files are in the page cache in all cases, as
 * they are when only the process died.
 *
 * <p>The directory of the killed process is a second set of names of the same files, made while it
 * runs: recovery writes to none of them.
 */
final class RecoveryBenchmark {
    private static final long GIB = 1L << 30;
    private static final long BYTES = Long.getLong("mib", 1024) << 20;
    private static final int BATCH_RECORDS = 564;
    private static final BufferingHints HINTS =
            new BufferingHints(128, 900, BufferingHints.Latency.STANDARD);

    /** Seconds per GiB. */
    private record Run(double acceptsKilled, double acceptsStopped, double reads, double plain) {}

    private RecoveryBenchmark() {}

    static void run(int rounds) throws Exception {
        Statistics.line("%s; journal of %s", Usage.machine(), Statistics.mebibytes(BYTES));
        List<Run> runs = new ArrayList<>();
        for (int round = -1; round < rounds; round++) {
            Run run = once();
            Statistics.line(
                    "  %s accepts after SIGKILL %.3f s/GiB, after SIGTERM %.3f, has read all again"
                            + " %.2f, plain reading %.2f; load average %.2f",
                    round < 0 ? "warm-up" : "round " + (round + 1),
                    run.acceptsKilled(),
                    run.acceptsStopped(),
                    run.reads(),
                    run.plain(),
                    Usage.loadAverage());
            if (round >= 0) {
                runs.add(run);
            }
        }
        double plain = Statistics.median(runs, Run::plain);
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds | s per GiB of journal | of plain reading |", rounds);
        Statistics.line("|---|---|---|");
        line("plain reading with CRC-32C", plain, plain);
        line("until it accepts, after SIGKILL", Statistics.median(runs, Run::acceptsKilled), plain);
        line(
                "until it accepts, after SIGTERM",
                Statistics.median(runs, Run::acceptsStopped),
                plain);
        line("until the lane has read all again", Statistics.median(runs, Run::reads), plain);
    }

    private static void line(String text, double seconds, double plain) {
        Statistics.line("| %s | %.3f | %.2f× |", text, seconds, seconds / plain);
    }

    private static Run once() throws Exception {
        StreamDefinition definition = Bench.raw(HINTS);
        Scratch stopped = Scratch.open("recovery");
        Scratch killed =
                new Scratch(
                        stopped.folder()
                                .resolveSibling(stopped.folder().getFileName() + "-killed"));
        JournalBenchmark.HeldProcessor held = new JournalBenchmark.HeldProcessor();
        RecordBatch batch = Clickstream.zipf(6, 1000).batch(BATCH_RECORDS);
        Bench first = Bench.open(stopped, definition, made -> with(made, held));
        for (long left = BYTES; left > 0; left -= batch.length()) {
            first.put(batch);
        }
        link(stopped.folder().resolve("data"), killed.folder().resolve("data"));
        first.stop();
        double gibibytes = (double) BYTES / GIB;
        double plain = plainReading(stopped.folder()) / gibibytes;
        double[] afterKill = start(killed, definition, batch);
        double[] afterStop = start(stopped, definition, batch);
        return new Run(
                afterKill[0] / gibibytes,
                afterStop[0] / gibibytes,
                afterStop[1] / gibibytes,
                plain);
    }

    /** Seconds until it has accepted a batch, and until everything is read and committed. */
    private static double[] start(Scratch scratch, StreamDefinition definition, RecordBatch batch)
            throws IOException {
        long begun = System.nanoTime();
        try (Bench bench =
                Bench.open(
                        scratch,
                        definition,
                        made ->
                                Bench.changed(
                                        made,
                                        List.of(),
                                        Optional.empty(),
                                        JournalBenchmark.NEXT_TO_NOTHING))) {
            bench.put(batch);
            double accepts = (System.nanoTime() - begun) / 1e9;
            bench.flush();
            double reads = (System.nanoTime() - begun) / 1e9;
            bench.audit(
                    (BYTES + batch.length() - 1) / batch.length() * batch.count() + batch.count());
            return new double[] {accepts, reads};
        }
    }

    private static StreamComponents with(
            StreamComponents made, JournalBenchmark.HeldProcessor held) {
        return Bench.changed(
                made, List.of(held), Optional.empty(), JournalBenchmark.NEXT_TO_NOTHING);
    }

    private static void link(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path copy = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.createLink(copy, path);
                }
            }
        }
    }

    private static double plainReading(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(path -> path.toString().endsWith(".segment")).toList();
        }
        long begun = System.nanoTime();
        byte[] buffer = new byte[1 << 20];
        long bytes = 0;
        CRC32C sum = new CRC32C();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int count; (count = in.read(buffer)) >= 0; ) {
                    sum.update(buffer, 0, count);
                    bytes += count;
                }
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (bytes < BYTES) {
            throw new IllegalStateException("the journal has " + bytes + " bytes only");
        }
        return seconds * BYTES / bytes;
    }
}
