package io.delivery.benchmarks;

import io.delivery.config.ColumnarSettings;
import io.delivery.convert.ConvertingEncoderFactory;
import io.delivery.convert.TableReference;
import io.delivery.format.ColumnType;
import io.delivery.format.DecoderOptions;
import io.delivery.format.EncoderFactory;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RecordSource;
import io.delivery.format.RowFormat;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.orc.OrcFormat;
import io.delivery.parquet.ParquetFormat;
import io.delivery.parquet.ParquetSettings;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The most memory that an encoder takes for the widest tables: an object of 128 MiB of JSON with
 * 2,000 columns, each file format and each shape of record in a JVM of its own with a heap of 512
 * MiB. Then the same with a heap of no more than what is reserved for the encoder, the rest of the
 * process included: the object must come out all the same.
 */
final class WideBenchmark {
    private static final int COLUMNS = Integer.getInteger("columns", 2000);
    private static final long RAW_BYTES = Long.getLong("mib", 128) << 20;

    private static final String HEAP = System.getProperty("heap", "512m");
    private static final List<String> TYPES =
            List.of("string", "bigint", "double", "timestamp", "boolean", "decimal(18,4)");

    /** The file formats that are measured. */
    private static final Map<String, RowFormat> FORMATS = formats();

    private static Map<String, RowFormat> formats() {
        Map<String, RowFormat> formats = new LinkedHashMap<>();
        formats.put("parquet", new ParquetFormat(ParquetSettings.DEFAULTS));
        formats.put(
                "parquet-v2",
                new ParquetFormat(
                        ParquetSettings.DEFAULTS.withWriterVersion(ParquetSettings.Version.V2)));
        formats.put("orc", new OrcFormat(ColumnarSettings.Orc.DEFAULTS));
        return formats;
    }

    /** How many of its columns a record has. */
    private enum Shape {
        FULL(COLUMNS),
        SPARSE(20);

        private final int fields;

        Shape(int fields) {
            this.fields = fields;
        }
    }

    private WideBenchmark() {}

    /**
     * @param one format and shape, to be measured here; all of them in processes of their own when
     *     there are none
     */
    static void run(List<String> one) throws Exception {
        if (!one.isEmpty()) {
            measure(one.get(0), Shape.valueOf(one.get(1)));
            return;
        }
        Statistics.line(
                "%s; objects of %s of JSON, %,d columns, heap %s",
                Usage.machine(), Statistics.mebibytes(RAW_BYTES), COLUMNS, HEAP);
        Statistics.line("");
        Statistics.line(
                "| format, columns of a record | records | s | object | peak heap, garbage included"
                        + " | after a collection | direct | resident | reserved | and with a heap"
                        + " of no more |");
        Statistics.line("|---|---|---|---|---|---|---|---|---|---|");
        for (String format : FORMATS.keySet()) {
            for (Shape shape : Shape.values()) {
                measureInAProcess(format, shape);
            }
        }
    }

    private static Process process(String format, Shape shape, String heap) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-Dcolumns=" + COLUMNS,
                        "-Dmib=" + (RAW_BYTES >> 20),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "wide",
                        format,
                        shape.name());
        return builder.redirectErrorStream(true).start();
    }

    private static void measureInAProcess(String format, Shape shape) throws Exception {
        Process process = process(format, shape, HEAP);
        String row = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException(
                    "%s, %s: the process ended with %d: %s".formatted(format, shape, code, row));
        }
        long reserved = FORMATS.get(format).sizes(table()).memoryBytes();
        Process smaller = process(format, shape, (reserved >> 20) + "m");
        smaller.getInputStream().readAllBytes();
        Statistics.line(
                "%s %s | %s |",
                row.strip(),
                Statistics.mebibytes(reserved),
                smaller.waitFor() == 0 ? "works" : "fails");
    }

    private static void measure(String format, Shape shape) throws IOException {
        Usage.watchHeap();
        Records records = new Records(shape);
        Count object = new Count();
        long begun = System.nanoTime();
        encoders(FORMATS.get(format))
                .encoder()
                .encode(
                        records,
                        object,
                        failure -> {
                            throw new IllegalStateException("not converted: " + failure);
                        });
        Statistics.line(
                "| %s, %,d of %,d | %,d | %.1f | %s | %s | %s | %s | %s |",
                format,
                shape.fields,
                COLUMNS,
                records.count,
                (System.nanoTime() - begun) / 1e9,
                Statistics.mebibytes(object.bytes),
                Statistics.mebibytes(Usage.peakHeapBytes()),
                Statistics.mebibytes(Usage.peakLiveBytes()),
                Statistics.mebibytes(Usage.directBytes()),
                Statistics.mebibytes(Usage.peakResidentBytes(ProcessHandle.current().pid())));
    }

    private static TableSchema table() {
        List<TableSchema.Column> columns = new ArrayList<>();
        for (int i = 0; i < COLUMNS; i++) {
            ColumnType type = HiveTypes.parse(TYPES.get(i % TYPES.size()));
            columns.add(new TableSchema.Column("column_" + i, type));
        }
        return new TableSchema("bench", "wide", "1", columns, List.of(), JsonSerDe.OpenX.DEFAULTS);
    }

    private static EncoderFactory encoders(RowFormat format) {
        TableSchema table = table();
        return new ConvertingEncoderFactory(
                format,
                new TableReference(
                        (database, name, version) -> table,
                        table.database(),
                        table.table(),
                        SchemaCatalog.LATEST),
                DecoderOptions.DEFAULTS,
                JsonRecordDecoder::new,
                UnknownFields.IGNORED);
    }

    /** Invented when they are asked for, up to {@link #RAW_BYTES}. */
    private static final class Records implements RecordSource {
        private static final long FIRST_SECOND =
                Instant.parse("2026-06-01T00:00:00Z").getEpochSecond();

        private final Shape shape;
        private final SplittableRandom random = new SplittableRandom(7);
        private final SequencedRecord view = new SequencedRecord();
        private long bytes;
        private long count;

        Records(Shape shape) {
            this.shape = shape;
        }

        @Override
        public SequencedRecord next() {
            if (bytes >= RAW_BYTES) {
                return null;
            }
            StringBuilder text = new StringBuilder(shape.fields * 30).append('{');
            boolean full = shape.fields == COLUMNS;
            int first = full ? 0 : random.nextInt(COLUMNS);
            for (int i = 0; i < shape.fields; i++) {
                int column = (first + i * 37) % COLUMNS;
                int at = full ? i : column;
                text.append(i == 0 ? "\"column_" : ",\"column_").append(at).append("\":");
                value(at % TYPES.size(), text);
            }
            byte[] record = text.append('}').toString().getBytes(StandardCharsets.UTF_8);
            bytes += record.length;
            return view.at(count++, 0, true, record, 0, record.length, 0);
        }

        private void value(int type, StringBuilder text) {
            switch (type) {
                case 0 -> text.append('"').append(Long.toHexString(random.nextLong())).append('"');
                case 1 -> text.append(random.nextLong());
                case 2 -> text.append(random.nextInt(1 << 24) / 256.0);
                case 3 -> text.append(FIRST_SECOND + random.nextInt(1 << 20));
                case 4 -> text.append(random.nextBoolean());
                default ->
                        text.append(random.nextInt(1 << 30))
                                .append('.')
                                .append(random.nextInt(10_000));
            }
        }
    }

    /** Counts what is written, and keeps nothing. */
    private static final class Count extends OutputStream {
        private long bytes;

        @Override
        public void write(int value) {
            bytes++;
        }

        @Override
        public void write(byte[] written, int offset, int length) {
            bytes += length;
        }
    }
}
