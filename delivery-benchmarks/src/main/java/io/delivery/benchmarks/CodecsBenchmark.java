package io.delivery.benchmarks;

import io.delivery.compress.Codec;
import io.delivery.compress.CompressedEncoderFactory;
import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordSource;
import io.delivery.raw.RawEncoderFactory;
import io.delivery.raw.RecordDelimiter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import io.delivery.record.SequencedRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each codec and level costs and saves: the same object of page views as lines, encoded in
 * turns and thrown away, beside other ways to deflate it. CPU of the encoding thread per megabyte
 * of lines; what is left of them.
 */
final class CodecsBenchmark {
    private static final long OBJECT_BYTES = Long.getLong("mib", 4) << 20;
    private static final String ROOT = "gzip 6";

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Some kernels count a thread's time in steps of 10 ms. */
    private static final long LEAST_NANOS = 400_000_000;

    /**
     * @param nanos of CPU for an object
     * @param bytes of the object
     */
    private record Run(double nanos, long bytes) {}

    /** Makes the object, and tells its length. */
    private interface Once {
        long run() throws IOException;
    }

    private CodecsBenchmark() {}

    static void run(int rounds) throws IOException {
        Statistics.line("%s; an object of %s", Usage.machine(), Statistics.mebibytes(OBJECT_BYTES));
        RecordBatch[] batches = Clickstream.zipf(21, 1000).batches(OBJECT_BYTES);
        Map<String, EncoderFactory> encoders = encoders();
        byte[] lines = lines(encoders.get("none"), batches);
        long plain = lines.length;
        Map<String, Once> all = new LinkedHashMap<>();
        encoders.forEach((name, encoder) -> all.put(name, () -> encoded(encoder, batches)));
        DeflatePeers.all().forEach((name, way) -> all.put(name, () -> way.compress(lines)));
        Map<String, List<Run>> runs = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) {
            for (Map.Entry<String, Once> one : all.entrySet()) {
                Run run = measured(one.getValue());
                if (round >= 0) {
                    runs.computeIfAbsent(one.getKey(), first -> new ArrayList<>()).add(run);
                }
            }
        }
        report(rounds, plain, runs);
    }

    private static void report(int rounds, long plain, Map<String, List<Run>> runs) {
        double root = Statistics.median(runs.get(ROOT), Run::nanos);
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds | MB per CPU-s | against %s | left of the lines |",
                rounds, ROOT);
        Statistics.line("|---|---|---|---|");
        runs.forEach(
                (name, its) -> {
                    double nanos = Statistics.median(its, Run::nanos);
                    Statistics.line(
                            "| %s | %.0f | %.2f× | %.1f %% |",
                            name,
                            plain * 1e3 / nanos,
                            root / nanos,
                            100.0 * its.get(0).bytes() / plain);
                });
    }

    private static Map<String, EncoderFactory> encoders() {
        EncoderFactory lines = new RawEncoderFactory(RecordDelimiter.LINES);
        Map<String, EncoderFactory> encoders = new LinkedHashMap<>();
        encoders.put("none", lines);
        for (int level = 1; level <= 9; level++) {
            encoders.put("gzip " + level, new CompressedEncoderFactory(lines, Codec.gzip(level)));
        }
        encoders.put("zip 6", new CompressedEncoderFactory(lines, Codec.zip(6)));
        encoders.put("snappy", new CompressedEncoderFactory(lines, Codec.snappy()));
        encoders.put("hadoopSnappy", new CompressedEncoderFactory(lines, Codec.hadoopSnappy()));
        for (int level : new int[] {1, 3, 6, 9, 15, 19}) {
            encoders.put("zstd " + level, new CompressedEncoderFactory(lines, Codec.zstd(level)));
        }
        return encoders;
    }

    /** As many times as it takes to be measured. */
    private static Run measured(Once once) throws IOException {
        long begun = THREADS.getCurrentThreadCpuTime();
        int times = 0;
        long nanos;
        long bytes;
        do {
            bytes = once.run();
            times++;
            nanos = THREADS.getCurrentThreadCpuTime() - begun;
        } while (nanos < LEAST_NANOS);
        return new Run((double) nanos / times, bytes);
    }

    private static long encoded(EncoderFactory encoder, RecordBatch[] batches) throws IOException {
        Counting out = new Counting();
        encoder.encoder().encode(new Source(batches), out, failure -> {});
        return out.bytes;
    }

    private static byte[] lines(EncoderFactory encoder, RecordBatch[] batches) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        encoder.encoder().encode(new Source(batches), out, failure -> {});
        return out.toByteArray();
    }

    /** The records of batches. */
    private static final class Source implements RecordSource {
        private final RecordBatch[] batches;
        private final SequencedRecord view = new SequencedRecord();
        private RecordBatch.Cursor cursor;
        private int next;

        Source(RecordBatch[] batches) {
            this.batches = batches;
            this.cursor = batches[next++].cursor();
        }

        @Override
        public SequencedRecord next() {
            DeliveryRecord record = cursor.next();
            if (record == null && next < batches.length) {
                cursor = batches[next++].cursor();
                record = cursor.next();
            }
            return record == null
                    ? null
                    : view.at(0, 0, true, record.array(), record.offset(), record.length(), 0);
        }
    }

    private static final class Counting extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] array, int offset, int length) {
            bytes += length;
        }
    }
}
