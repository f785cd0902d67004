package io.delivery.benchmarks;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.convert.ConvertingEncoderFactory;
import io.delivery.convert.TableReference;
import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.orc.OrcFormat;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.io.OutputStream;
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
    private interface Writer {
        void write(RecordBatch[] records, OutputStream out) throws IOException;
    }

    /** A writer whose file is counted, and not kept. */
    private static final class IntoNothing implements ThreadRun.Way {
        private final Writer writer;
        private final RecordBatch[] records;
        private Counted counted;

        IntoNothing(Writer writer, RecordBatch[] records) {
            this.writer = writer;
            this.records = records;
        }

        @Override
        public void write() throws IOException {
            counted = new Counted();
            writer.write(records, counted);
        }

        @Override
        public long fileBytes() {
            return counted.bytes;
        }
    }

    private OrcBenchmark() {}

    static List<GoalRow> run(int rounds) throws Exception {
        RecordBatch[] records = Clickstream.zipf(1, 1000).batches(BYTES);
        Map<String, Writer> writers = new LinkedHashMap<>();
        // ORC's own default of the threshold is 0.8, the API's is 0.
        writers.put("tokens, 0.8", tokens(0.8));
        writers.put("ours, 0.8", ours(0.8));
        writers.put("tokens, 0", tokens(0));
        writers.put("ours, 0", ours(0));
        Statistics.line("%s; %s of JSON", Usage.machine(), Statistics.mebibytes(BYTES));
        Map<String, ThreadRun.Way> ways = new LinkedHashMap<>();
        writers.forEach((way, writer) -> ways.put(way, new IntoNothing(writer, records)));
        Map<String, List<ThreadRun>> runs =
                ThreadRun.inTurns(ways, Batches.recordBytes(records), 2, rounds);
        keep(writers, records);
        return report(rounds, runs);
    }

    private static List<GoalRow> report(int rounds, Map<String, List<ThreadRun>> runs) {
        ThreadRun.table("medians of %d rounds; way, dictionary threshold".formatted(rounds), runs);
        double usual = ThreadRun.speed(runs.get("tokens, 0.8"));
        double direct = ThreadRun.speed(runs.get("tokens, 0"));
        double mine = ThreadRun.speed(runs.get("ours, 0.8"));
        double mineDirect = ThreadRun.speed(runs.get("ours, 0"));
        Statistics.line("| ours, 0.8 / tokens, 0.8 | %.2f× | |", mine / usual);
        Statistics.line("| ours, 0 / tokens, 0.8 | %.2f× | |", mineDirect / usual);
        Statistics.line("| ours, 0 / tokens, 0 | %.2f× | |", mineDirect / direct);
        Statistics.line("");
        return List.of(
                GoalRow.atLeast(
                        3,
                        "JSON to ORC vs tokens, no dictionaries as by default",
                        mineDirect / direct,
                        1.3,
                        2),
                GoalRow.atLeast(
                        3,
                        "JSON to ORC vs tokens, dictionaries on both sides",
                        mine / usual,
                        1.3,
                        2));
    }

    private static void keep(Map<String, Writer> writers, RecordBatch[] records)
            throws IOException {
        String folder = System.getProperty("keep");
        if (folder == null) {
            return;
        }
        Path kept = Files.createDirectories(Path.of(folder));
        Batches.writeLines(records, kept.resolve("clicks.json"));
        for (Map.Entry<String, Writer> writer : writers.entrySet()) {
            String name = writer.getKey().replace(", ", "-") + ".orc";
            try (OutputStream out = Files.newOutputStream(kept.resolve(name))) {
                writer.getValue().write(records, out);
            }
        }
    }

    private static Writer tokens(double threshold) {
        return new TokensToOrc(TokensToOrc.type(COLUMNS), threshold)::write;
    }

    private static Writer ours(double threshold) {
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
                                Batches.source(records),
                                out,
                                failure -> {
                                    throw new IllegalStateException("not converted: " + failure);
                                });
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
