package io.delivery.benchmarks;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.convert.ConvertingEncoderFactory;
import io.delivery.convert.TableReference;
import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RecordSource;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.orc.OrcFormat;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import io.delivery.record.SequencedRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON to ORC with SNAPPY on one thread: ours and what is usually done, the same records in turns
 * in one run. CPU of the thread per megabyte of JSON, and the size of the file. {@code
 * -Dkeep=FOLDER} keeps the records and the files, for other tools.
 */
final class OrcBenchmark {
    private static final long BYTES = Long.getLong("mib", 128) << 20;

    private static final List<String> COLUMNS =
            List.of(
                    "event_id:string",
                    "event_type:string",
                    "ts:timestamp",
                    "received_ms:bigint",
                    "customer_id:string",
                    "session_id:string",
                    "geo:struct<region:string,country:string,city:string,lat:double,lon:double>",
                    "page:string",
                    "status:int",
                    "duration_ms:int",
                    "is_mobile:boolean",
                    "tags:array<string>",
                    "price:double",
                    "quantity:int",
                    "referrer:string",
                    "user_agent:string");

    /** Writes all records as one file. */
    private interface Way {
        void write(RecordBatch[] records, OutputStream out) throws IOException;
    }

    private record Run(double megabytesPerSecond, long fileBytes) {}

    private OrcBenchmark() {}

    static void run(int rounds) throws Exception {
        RecordBatch[] records = Clickstream.zipf(1, 1000).batches(BYTES);
        Map<String, Way> ways = new LinkedHashMap<>();
        // ORC's own default of the threshold is 0.8, the API's is 0.
        ways.put("tokens, 0.8", tokens(0.8));
        ways.put("ours, 0.8", ours(0.8));
        ways.put("tokens, 0", tokens(0));
        ways.put("ours, 0", ours(0));
        Statistics.line("%s; %s of JSON", Usage.machine(), Statistics.mebibytes(BYTES));
        Map<String, List<Run>> runs = new LinkedHashMap<>();
        for (int round = -2; round < rounds; round++) {
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                Run run = once(way.getValue(), records);
                Statistics.line(
                        "  %s %-12s %6.1f MB per thread-second, file %.1f MB; load average %.2f",
                        round < 0 ? "warm-up" : "round " + (round + 1),
                        way.getKey(),
                        run.megabytesPerSecond(),
                        Statistics.megabytes(run.fileBytes()),
                        Usage.loadAverage());
                if (round >= 0) {
                    runs.computeIfAbsent(way.getKey(), first -> new ArrayList<>()).add(run);
                }
            }
        }
        report(rounds, runs);
        keep(ways, records);
    }

    private static void report(int rounds, Map<String, List<Run>> runs) {
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds; way, dictionary threshold | MB per thread-second | file, MB |",
                rounds);
        Statistics.line("|---|---|---|");
        runs.forEach(
                (way, all) ->
                        Statistics.line(
                                "| %s | %.1f | %.2f |",
                                way,
                                Statistics.median(all, Run::megabytesPerSecond),
                                Statistics.megabytes(all.get(0).fileBytes())));
        double usual = Statistics.median(runs.get("tokens, 0.8"), Run::megabytesPerSecond);
        for (String way : List.of("ours, 0.8", "ours, 0")) {
            double mine = Statistics.median(runs.get(way), Run::megabytesPerSecond);
            Statistics.line("| %s / tokens, 0.8 | %.2f× | |", way, mine / usual);
        }
        double direct = Statistics.median(runs.get("tokens, 0"), Run::megabytesPerSecond);
        double mine = Statistics.median(runs.get("ours, 0"), Run::megabytesPerSecond);
        Statistics.line("| ours, 0 / tokens, 0 | %.2f× | |", mine / direct);
    }

    private static void keep(Map<String, Way> ways, RecordBatch[] records) throws IOException {
        String folder = System.getProperty("keep");
        if (folder == null) {
            return;
        }
        Path kept = Files.createDirectories(Path.of(folder));
        try (OutputStream out =
                new BufferedOutputStream(
                        Files.newOutputStream(kept.resolve("clicks.json")), 1 << 16)) {
            for (RecordBatch some : records) {
                RecordBatch.Cursor cursor = some.cursor();
                DeliveryRecord record;
                while ((record = cursor.next()) != null) {
                    out.write(record.array(), record.offset(), record.length());
                    out.write('\n');
                }
            }
        }
        for (Map.Entry<String, Way> way : ways.entrySet()) {
            String name = way.getKey().replace(", ", "-") + ".orc";
            try (OutputStream out = Files.newOutputStream(kept.resolve(name))) {
                way.getValue().write(records, out);
            }
        }
    }

    private static Run once(Way way, RecordBatch[] records) throws IOException {
        Counted counted = new Counted();
        long bytes = 0;
        for (RecordBatch some : records) {
            bytes += some.recordBytes();
        }
        long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        way.write(records, counted);
        long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
        return new Run(bytes * 1e3 / took, counted.bytes);
    }

    private static Way tokens(double threshold) {
        return new TokensToOrc(TokensToOrc.type(COLUMNS), threshold)::write;
    }

    private static Way ours(double threshold) {
        Orc defaults = Orc.DEFAULTS;
        Orc settings =
                new Orc(
                        OrcCompression.SNAPPY,
                        defaults.stripeSizeBytes(),
                        defaults.rowIndexStride(),
                        defaults.padding(),
                        defaults.bloomFilters(),
                        threshold,
                        defaults.formatVersion());
        List<TableSchema.Column> columns = new ArrayList<>();
        for (String column : COLUMNS) {
            int colon = column.indexOf(':');
            columns.add(
                    new TableSchema.Column(
                            column.substring(0, colon),
                            HiveTypes.parse(column.substring(colon + 1))));
        }
        TableSchema table =
                new TableSchema(
                        "bench", "clicks", "1", columns, List.of(), JsonSerDe.OpenX.DEFAULTS);
        ConvertingEncoderFactory factory =
                new ConvertingEncoderFactory(
                        new OrcFormat(settings),
                        new TableReference(
                                (database, name, version) -> table,
                                "bench",
                                "clicks",
                                SchemaCatalog.LATEST),
                        DecoderOptions.DEFAULTS,
                        JsonRecordDecoder::new,
                        UnknownFields.IGNORED);
        return (records, out) ->
                factory.encoder()
                        .encode(
                                source(records),
                                out,
                                failure -> {
                                    throw new IllegalStateException("not converted: " + failure);
                                });
    }

    private static RecordSource source(RecordBatch[] batches) {
        SequencedRecord view = new SequencedRecord();
        return new RecordSource() {
            private RecordBatch.Cursor cursor = batches[0].cursor();
            private int next = 1;
            private long count;

            @Override
            public SequencedRecord next() {
                DeliveryRecord record = cursor.next();
                while (record == null) {
                    if (next == batches.length) {
                        return null;
                    }
                    cursor = batches[next++].cursor();
                    record = cursor.next();
                }
                return view.at(
                        count++, 0, true, record.array(), record.offset(), record.length(), 0);
            }
        };
    }

    /** Counts what it is given. */
    private static final class Counted extends OutputStream {
        private long bytes;

        @Override
        public void write(int value) {
            bytes++;
        }

        @Override
        public void write(byte[] some, int offset, int length) {
            bytes += length;
        }
    }
}
