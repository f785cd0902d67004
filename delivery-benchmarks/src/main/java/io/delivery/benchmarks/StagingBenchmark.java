package io.delivery.benchmarks;

import io.delivery.config.CatalogDefinition;
import io.delivery.config.CatalogSettings;
import io.delivery.config.ColumnarSettings;
import io.delivery.config.Compression;
import io.delivery.config.FormatSettings;
import io.delivery.format.DecoderOptions;
import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordSource;
import io.delivery.landing.SequenceList;
import io.delivery.machine.Machine;
import io.delivery.metrics.Metrics;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import io.delivery.record.SequencedRecord;
import io.delivery.staging.LocalStaging;
import io.delivery.staging.StagedBytes;
import io.delivery.staging.Staging;
import io.delivery.wiring.ComponentRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Row 15: what it costs that an object's bytes are durable here before the store is asked for
 * anything: writing them with their checksum, syncing file and directory, reading them again with
 * the checksum compared, deleting the file, and the list of records that goes into lane state. CPU
 * of the working thread, kernel included, per megabyte of raw records; beside it what encoding the
 * same records takes. The encoder's writes are repeated as it made them.
 */
final class StagingBenchmark {
    private static final long RAW_BYTES = 64L << 20;
    private static final double MOST_MILLIS = 0.2;

    private static final String TABLE =
            """
            columns:
              - {name: event_id, type: string}
              - {name: event_type, type: string}
              - {name: ts, type: timestamp}
              - {name: received_ms, type: bigint}
              - {name: customer_id, type: string}
              - {name: session_id, type: string}
              - {name: geo, type: 'struct<region:string,country:string,city:string,lat:double,lon:double>'}
              - {name: page, type: string}
              - {name: status, type: int}
              - {name: duration_ms, type: bigint}
              - {name: is_mobile, type: boolean}
              - {name: tags, type: array<string>}
              - {name: price, type: double}
              - {name: quantity, type: int}
              - {name: referrer, type: string}
              - {name: user_agent, type: string}
            """;

    private enum Format {
        GZIP,
        PARQUET
    }

    /** CPU nanoseconds per raw byte. */
    private record Run(double encode, double stage, double read, double list, double outBytes) {
        double staging() {
            return stage + read + list;
        }
    }

    private StagingBenchmark() {}

    static void run(int rounds) throws Exception {
        Statistics.line("%s; objects of %s raw", Usage.machine(), Statistics.mebibytes(RAW_BYTES));
        RecordBatch[] records = Clickstream.zipf(15, 1000).batches(RAW_BYTES);
        List<List<Run>> runs = List.of(new ArrayList<>(), new ArrayList<>());
        try (Scratch scratch = Scratch.open("staging");
                Machine machine = new Machine()) {
            Path schemas = schemas(scratch);
            LocalStaging staging =
                    LocalStaging.open(
                            scratch.folder().resolve("staging"), machine.world().disk(), 15);
            for (int round = -2; round < rounds; round++) {
                for (Format format : Format.values()) {
                    Run run = once(encoder(format, schemas), records, staging);
                    Statistics.line(
                            "  %s %-7s encode %.2f, staging %.3f CPU ms per raw MB (write %.3f, read"
                                    + " %.3f, list %.3f); load average %.2f",
                            round < 0 ? "warm-up" : "round " + (round + 1),
                            format,
                            run.encode(),
                            run.staging(),
                            run.stage(),
                            run.read(),
                            run.list(),
                            Usage.loadAverage());
                    if (round >= 0) {
                        runs.get(format.ordinal()).add(run);
                    }
                }
            }
        }
        report(rounds, runs);
    }

    /** Writes the table of the benchmarks, {@code bench.clicks}, into a folder for a catalog. */
    static Path schemas(Scratch scratch) throws IOException {
        Path schemas = scratch.folder().resolve("schemas");
        Files.writeString(
                Files.createDirectories(schemas.resolve("bench")).resolve("clicks.yaml"), TABLE);
        return schemas;
    }

    /** Parquet by the table of the benchmarks, which it writes into this folder. */
    static EncoderFactory parquet(Scratch scratch) throws IOException {
        return encoder(Format.PARQUET, schemas(scratch));
    }

    private static void report(int rounds, List<List<Run>> runs) {
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds, CPU ms per raw MB | staging (at most %.1f) | write and sync"
                        + " | read and compare | list of records | encoding | object, of raw |",
                rounds, MOST_MILLIS);
        Statistics.line("|---|---|---|---|---|---|---|");
        for (Format format : Format.values()) {
            List<Run> all = runs.get(format.ordinal());
            Statistics.line(
                    "| %s | %.3f | %.3f | %.3f | %.3f | %.2f | %.2f× |",
                    format,
                    Statistics.median(all, Run::staging),
                    Statistics.median(all, Run::stage),
                    Statistics.median(all, Run::read),
                    Statistics.median(all, Run::list),
                    Statistics.median(all, Run::encode),
                    Statistics.median(all, Run::outBytes));
        }
    }

    private static EncoderFactory encoder(Format format, Path schemas) {
        ComponentRegistry components =
                new ComponentRegistry(
                        List.of(new CatalogSettings("main", new CatalogDefinition.Files(schemas))),
                        new Machine().world(), // asked by catalogs that are elsewhere
                        Metrics.NONE,
                        "us-east-1",
                        "000000000000");
        FormatSettings settings =
                format == Format.GZIP
                        ? new FormatSettings.Raw(FormatSettings.Delimiter.LINES)
                        : new FormatSettings.Converted(
                                ColumnarSettings.Parquet.DEFAULTS,
                                new FormatSettings.SchemaReference(
                                        "main",
                                        "bench",
                                        "clicks",
                                        FormatSettings.SchemaReference.LATEST),
                                DecoderOptions.DEFAULTS);
        Compression compression = format == Format.GZIP ? Compression.GZIP : Compression.NONE;
        return components.components(Bench.formatted(settings, compression)).main().encoder();
    }

    private static Run once(EncoderFactory format, RecordBatch[] records, Staging staging)
            throws IOException {
        Records source = new Records(records);
        Writes writes = new Writes();
        long begun = cpuNanos();
        format.encoder()
                .encode(
                        source,
                        writes,
                        failure -> {
                            throw new IllegalStateException("not converted: " + failure);
                        });
        double encode = cpuNanos() - begun;
        begun = cpuNanos();
        StagedBytes staged;
        try (Staging.StagingFile file = staging.open()) {
            OutputStream out = file.begin();
            for (byte[] write : writes.all) {
                out.write(write);
            }
            staged = file.end();
            file.stage();
        }
        double stage = cpuNanos() - begun;
        begun = cpuNanos();
        byte[] buffer = new byte[64 << 10];
        long length = 0;
        try (InputStream in = staging.content(staged).open()) {
            for (int count; (count = in.read(buffer)) >= 0; ) {
                length += count;
            }
        }
        staging.delete(staged.file());
        double read = cpuNanos() - begun;
        begun = cpuNanos();
        SequenceList.Builder list = new SequenceList.Builder();
        for (long sequence = 0; sequence < source.count; sequence++) {
            list.add(sequence, 0, true);
        }
        if (list.build().bytes() == 0) {
            throw new IllegalStateException("the list is empty");
        }
        double listed = cpuNanos() - begun;
        double raw = source.bytes;
        return new Run(encode / raw, stage / raw, read / raw, listed / raw, length / raw);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** All records, once. */
    private static final class Records implements RecordSource {
        private final RecordBatch[] batches;
        private final SequencedRecord view = new SequencedRecord();
        private RecordBatch.Cursor cursor;
        private int next;
        private long count;
        private long bytes;

        Records(RecordBatch[] batches) {
            this.batches = batches;
        }

        @Override
        public SequencedRecord next() {
            DeliveryRecord record = cursor == null ? null : cursor.next();
            while (record == null) {
                if (next == batches.length) {
                    return null;
                }
                cursor = batches[next++].cursor();
                record = cursor.next();
            }
            bytes += record.length();
            return view.at(count++, 0, true, record.array(), record.offset(), record.length(), 0);
        }
    }

    /** What an encoder wrote, write by write. */
    private static final class Writes extends OutputStream {
        private final List<byte[]> all = new ArrayList<>();

        @Override
        public void write(int value) {
            all.add(new byte[] {(byte) value});
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            all.add(Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }
}
