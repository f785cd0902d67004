package io.delivery.benchmarks;

import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordSource;
import io.delivery.record.SequencedRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBDriver;

/**
 * Row 4: how large a Parquet file with SNAPPY is beside the one that DuckDB writes of the same
 * records with the same columns.
 */
final class SizeBenchmark {
    private static final long RAW_BYTES = 128L << 20;
    private static final double MOST = 1.05;

    /** The types of the table of {@link StagingBenchmark}, as DuckDB calls them. */
    private static final String COLUMNS =
            "{event_id: 'VARCHAR', event_type: 'VARCHAR', ts: 'TIMESTAMP', received_ms: 'BIGINT',"
                    + " customer_id: 'VARCHAR', session_id: 'VARCHAR',"
                    + " geo: 'STRUCT(region VARCHAR, country VARCHAR, city VARCHAR, lat DOUBLE, lon DOUBLE)',"
                    + " page: 'VARCHAR', status: 'INTEGER', duration_ms: 'BIGINT',"
                    + " is_mobile: 'BOOLEAN', tags: 'VARCHAR[]', price: 'DOUBLE',"
                    + " quantity: 'INTEGER', referrer: 'VARCHAR', user_agent: 'VARCHAR'}";

    private SizeBenchmark() {}

    static void run() throws Exception {
        Statistics.line("%s; %s of JSON", Usage.machine(), Statistics.mebibytes(RAW_BYTES));
        try (Scratch scratch = Scratch.open("size")) {
            Path lines = scratch.folder().resolve("clicks.ndjson");
            Path ours = scratch.folder().resolve("ours.parquet");
            Path theirs = scratch.folder().resolve("duckdb.parquet");
            long records = encode(StagingBenchmark.parquet(scratch), lines, ours);
            long rows = encodeWithDuckDb(lines, ours, theirs);
            if (rows != records) {
                throw new IllegalStateException(
                        records + " records were written, DuckDB reads " + rows + " rows of them");
            }
            double ratio = (double) Files.size(ours) / Files.size(theirs);
            Statistics.line("");
            Statistics.line("| %,d records | bytes | of the JSON |", records);
            Statistics.line("|---|---|---|");
            line("delivery", ours, lines);
            line("DuckDB, COPY … (COMPRESSION snappy)", theirs, lines);
            Statistics.line("| ratio (at most %.2f) | %.3f× | |", MOST, ratio);
        }
    }

    private static void line(String who, Path file, Path lines) throws IOException {
        Statistics.line(
                "| %s | %,d | %.3f× |",
                who, Files.size(file), (double) Files.size(file) / Files.size(lines));
    }

    /** Both the lines for DuckDB and our file, of the same records; gives their number. */
    private static long encode(EncoderFactory format, Path lines, Path ours) throws IOException {
        try (OutputStream copies = new BufferedOutputStream(Files.newOutputStream(lines));
                OutputStream object = new BufferedOutputStream(Files.newOutputStream(ours))) {
            Records records = new Records(copies);
            format.encoder()
                    .encode(
                            records,
                            object,
                            failure -> {
                                throw new IllegalStateException("not converted: " + failure);
                            });
            return records.count;
        }
    }

    private static long encodeWithDuckDb(Path lines, Path ours, Path theirs) throws SQLException {
        try (Connection duckDb = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET threads = 1");
            copy(statement, lines, theirs);
            try (ResultSet count =
                    statement.executeQuery(
                            "SELECT count(*) FROM read_parquet('%s')".formatted(ours))) {
                count.next();
                return count.getLong(1);
            }
        }
    }

    /** Has DuckDB write a Parquet file of lines that are clicks. */
    static void copy(Statement statement, Path lines, Path file) throws SQLException {
        statement.execute(
                "COPY (FROM read_json('%s', format = 'newline_delimited', columns = %s)) TO '%s'"
                                .formatted(lines, COLUMNS, file)
                        + " (FORMAT parquet, COMPRESSION snappy)");
    }

    /** Clicks, each copied as a line when it is taken. */
    private static final class Records implements RecordSource {
        private final Clickstream clicks = Clickstream.zipf(15, 1000);
        private final OutputStream copies;
        private final SequencedRecord view = new SequencedRecord();
        private long bytes;
        private long count;

        Records(OutputStream copies) {
            this.copies = copies;
        }

        @Override
        public SequencedRecord next() throws IOException {
            if (bytes >= RAW_BYTES) {
                return null;
            }
            byte[] record = clicks.record();
            copies.write(record);
            copies.write('\n');
            bytes += record.length;
            return view.at(count++, 0, true, record, 0, record.length, 0);
        }
    }
}
