package io.delivery.benchmarks;

import io.delivery.format.EncoderFactory;
import io.delivery.record.RecordBatch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.duckdb.DuckDBDriver;

/**
 * Rows 1, 2 and 4: JSON to Parquet with SNAPPY on one thread, beside Jackson's tree with Avro's
 * writer and beside DuckDB with one thread, in turns, each into a file. What counts is the time of
 * the working thread; DuckDB works on the thread that calls it.
 */
final class ParquetBenchmark {
    private static final long RAW_BYTES = 64L << 20;

    private static final String OURS = "delivery";
    private static final String AVRO = "Jackson tree, AvroParquetWriter";
    private static final String DUCKDB = "DuckDB, threads = 1";

    /** Writes all records as one file. */
    private interface Writer {
        void write(Path file) throws IOException, SQLException;
    }

    /** A writer and the file that it writes each time. */
    private record ToFile(Writer writer, Path file) implements ThreadRun.Way {
        @Override
        public void write() throws IOException, SQLException {
            writer.write(file);
        }

        @Override
        public long fileBytes() throws IOException {
            long bytes = Files.size(file);
            Files.delete(file);
            return bytes;
        }
    }

    private ParquetBenchmark() {}

    static List<GoalRow> run(int rounds) throws Exception {
        RecordBatch[] records = Clickstream.zipf(1, 1000).batches(RAW_BYTES);
        Statistics.line("%s; %s of JSON", Usage.machine(), Statistics.mebibytes(RAW_BYTES));
        Map<String, List<ThreadRun>> runs;
        try (Scratch scratch = Scratch.open("parquet");
                Connection duckDb = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET threads = 1");
            Path lines = scratch.folder().resolve("clicks.ndjson");
            Batches.writeLines(records, lines);
            EncoderFactory format = StagingBenchmark.parquet(scratch);
            Path file = scratch.folder().resolve("clicks.parquet");
            Map<String, ThreadRun.Way> ways = new LinkedHashMap<>();
            ways.put(OURS, new ToFile(to -> encode(format, records, to), file));
            ways.put(AVRO, new ToFile(to -> TreeToAvro.write(records, to), file));
            ways.put(DUCKDB, new ToFile(to -> SizeBenchmark.copy(statement, lines, to), file));
            runs = ThreadRun.inTurns(ways, Batches.recordBytes(records), 3, rounds);
        }
        return report(rounds, runs);
    }

    private static List<GoalRow> report(int rounds, Map<String, List<ThreadRun>> runs) {
        ThreadRun.table("medians of %d rounds".formatted(rounds), runs);
        Statistics.line("");
        List<ThreadRun> ours = runs.get(OURS);
        double speed = ThreadRun.speed(ours);
        List<ThreadRun> duckDb = runs.get(DUCKDB);
        return List.of(
                GoalRow.atLeast(
                        1,
                        "JSON to Parquet vs Avro",
                        speed / ThreadRun.speed(runs.get(AVRO)),
                        2.5,
                        4),
                GoalRow.atLeast(
                        2, "JSON to Parquet vs DuckDB", speed / ThreadRun.speed(duckDb), 0.8, 1.2),
                GoalRow.atMost(
                        4,
                        "Parquet size vs DuckDB",
                        (double) ours.get(0).fileBytes() / duckDb.get(0).fileBytes(),
                        1.05,
                        1));
    }

    private static void encode(EncoderFactory format, RecordBatch[] records, Path file)
            throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            format.encoder()
                    .encode(
                            Batches.source(records),
                            out,
                            failure -> {
                                throw new IllegalStateException("not converted: " + failure);
                            });
        }
    }
}
