package io.delivery.benchmarks;

import io.delivery.format.EncoderFactory;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * What a small Parquet object costs: thousands of objects of {@code -Drecords=} records each (50),
 * all of one customer, one after the other on one thread; by us as a lane has them encoded, and by
 * Jackson's tree with Avro's writer, in turns. Their bytes go into a checksum, and nowhere else.
 * {@code -Dbeside=false} leaves the other way out.
 */
final class ObjectsBenchmark {
    private static final int OBJECTS = Integer.getInteger("objects", 2_000);
    private static final int RECORDS = Integer.getInteger("records", 50);
    private static final int WARM_UPS = Integer.getInteger("warmups", 5);

    /** Whether there is another way beside ours: a profile is of one. */
    private static final boolean BESIDE =
            Boolean.parseBoolean(System.getProperty("beside", "true"));

    private static final String OURS = "delivery";
    private static final String AVRO = "Jackson tree, AvroParquetWriter";

    private ObjectsBenchmark() {}

    static void run(int rounds) throws Exception {
        Clickstream clicks = Clickstream.uniform(1, 1);
        RecordBatch[] objects = new RecordBatch[OBJECTS];
        for (int i = 0; i < OBJECTS; i++) {
            objects[i] = clicks.batch(RECORDS);
        }
        long bytes = Batches.recordBytes(objects);
        Statistics.line(
                "%s; %,d objects of %,d bytes of JSON each",
                Usage.machine(), OBJECTS, bytes / OBJECTS);
        Map<String, List<ThreadRun>> runs;
        try (Scratch scratch = Scratch.open("objects")) {
            EncoderFactory format = StagingBenchmark.parquet(scratch);
            Map<String, ThreadRun.Way> ways = new LinkedHashMap<>();
            ways.put(OURS, new EachObject(objects, (one, to) -> encode(format, one, to)));
            if (BESIDE) {
                ways.put(AVRO, new EachObject(objects, TreeToAvro::write));
            }
            runs = ThreadRun.inTurns(ways, bytes, WARM_UPS, rounds);
        }
        report(rounds, (double) bytes / OBJECTS, runs);
    }

    private static void report(int rounds, double bytesOfOne, Map<String, List<ThreadRun>> runs) {
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds | CPU µs per object | bytes of an object |", rounds);
        Statistics.line("|---|---|---|");
        runs.forEach(
                (way, all) ->
                        Statistics.line(
                                "| %s | %.1f | %,d |",
                                way,
                                bytesOfOne / ThreadRun.speed(all),
                                all.get(0).fileBytes() / OBJECTS));
        if (BESIDE) {
            Statistics.line(
                    "| ratio | %.2f× | |",
                    ThreadRun.speed(runs.get(OURS)) / ThreadRun.speed(runs.get(AVRO)));
        }
    }

    private static void encode(EncoderFactory format, RecordBatch[] object, OutputStream to)
            throws IOException {
        format.encoder()
                .encode(
                        Batches.source(object),
                        to,
                        failure -> {
                            throw new IllegalStateException("not converted: " + failure);
                        });
    }

    /** Writes the records of an object. */
    private interface Writer {
        void write(RecordBatch[] object, Counted to) throws IOException;
    }

    /** All objects, in order. */
    private static final class EachObject implements ThreadRun.Way {
        private final RecordBatch[] objects;
        private final Writer writer;
        private long written;

        EachObject(RecordBatch[] objects, Writer writer) {
            this.objects = objects;
            this.writer = writer;
        }

        @Override
        public void write() throws IOException {
            written = 0;
            for (RecordBatch object : objects) {
                Counted out = new Counted();
                writer.write(new RecordBatch[] {object}, out);
                written += out.getPos();
            }
        }

        @Override
        public long fileBytes() {
            return written;
        }
    }

    /** Counts what is written and takes its checksum, as staging does, and forgets it. */
    private static final class Counted extends PositionOutputStream implements OutputFile {
        private final CRC32 crc = new CRC32();
        private final byte[] single = new byte[1];
        private long position;

        @Override
        public void write(int value) {
            single[0] = (byte) value;
            write(single, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            crc.update(bytes, offset, length);
            position += length;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return this;
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return this;
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
