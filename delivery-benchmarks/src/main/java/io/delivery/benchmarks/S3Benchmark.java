package io.delivery.benchmarks;

import io.delivery.config.Compression;
import io.delivery.jq.JqKeyExtractor;
import io.delivery.jq.JqProgram;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * Rows 10 to 12: from PutRecordBatch with Signature Version 4 over HTTP to objects in S3, each way
 * a daemon of its own. CPU of the daemon's process until all has landed, from warm; the S3 server
 * and the producers are other processes. Beside them, in turns: the JDK's gzip alone, and Flink's
 * conversion of a file of the same records.
 */
final class S3Benchmark {
    private static final long RAW_BYTES = Long.getLong("mib", 128) << 20;
    private static final int WARM_UPS = Integer.getInteger("warmups", 8);

    private static final int CUSTOMERS = 1_000;

    /** Measured on a quiet machine with 2 processors (AMD Zen 4), as those of Flink are. */
    private static final double FLUENT_BIT = 26;

    private static final String KEYS = "{customer_id: .customer_id, region: .geo.region}";

    /** What is measured, in turns. */
    private enum Way {
        GZIP("HTTP to gzip to S3"),
        PARQUET("HTTP to jq (6 regions) to Parquet to S3"),
        PARTITIONS("HTTP to jq (customers and regions) to Parquet to S3"),
        JDK_GZIP("the JDK's gzip alone, level " + Compression.GZIP.level()),
        FLINK("Flink, JSON file to Parquet files", 39),
        FLINK_PARTITIONS("Flink, the same by customers and regions", 8);

        private final String title;
        private final double quiet;

        Way(String title) {
            this(title, Double.NaN);
        }

        /**
         * @param quiet what stands in where it is not to be had, MB per CPU-second
         */
        Way(String title, double quiet) {
            this.title = title;
            this.quiet = quiet;
        }
    }

    /** One round of one way. */
    private record Round(double megabytesPerCpuSecond, double megabytesPerSecond) {}

    private final Path folder;
    private final RecordBatch[] records = Clickstream.zipf(1, CUSTOMERS).batches(RAW_BYTES);
    private final long bytes = Batches.recordBytes(records);
    private final List<PutRequests.Call> calls = PutRequests.batches(records, batch -> "clicks");
    private final Map<Way, LoadedDaemon> daemons = new EnumMap<>(Way.class);
    private final Map<Way, List<Round>> rounds = new EnumMap<>(Way.class);
    private Optional<FlinkPeer> flink = Optional.empty();

    private S3Benchmark(Path folder) {
        this.folder = folder;
    }

    static List<GoalRow> run(int rounds) throws Exception {
        try (Scratch scratch = Scratch.open("s3")) {
            return new S3Benchmark(scratch.folder()).measure(rounds);
        }
    }

    private List<GoalRow> measure(int count) throws Exception {
        Statistics.line("%s; %s in each round", Usage.machine(), Statistics.mebibytes(RAW_BYTES));
        Optional<MinioProcess> minio = MinioProcess.start(folder);
        try (FaultyS3 ownS3 = new FaultyS3()) {
            Statistics.line(
                    "S3 is %s", minio.isPresent() ? "MinIO" : "the benchmark's own: no MinIO here");
            startDaemons(minio.isPresent() ? store(minio.get()) : store(ownS3));
            startFlink();
            for (int round = -WARM_UPS; round < count; round++) {
                turns(round);
            }
            return report(count);
        } finally {
            for (LoadedDaemon daemon : daemons.values()) {
                daemon.stop();
            }
            if (flink.isPresent()) {
                flink.get().close();
            }
            if (minio.isPresent()) {
                minio.get().close();
            }
        }
    }

    // --- what runs ---

    private static String store(MinioProcess minio) {
        return """
            s3:
              endpoint: %s
              credentials: {accessKeyId: %s, secretAccessKey: %s}
            createBuckets: true
        """
                .formatted(minio.uri(), MinioProcess.ACCESS_KEY_ID, MinioProcess.SECRET_ACCESS_KEY)
                .stripTrailing();
    }

    private static String store(FaultyS3 own) {
        return """
            s3:
              endpoint: %s
              credentials: {accessKeyId: lake, secretAccessKey: lake}
              checksums: whenRequired
              chunkedEncoding: false
        """
                .formatted(own.uri())
                .stripTrailing();
    }

    private void startDaemons(String store) throws IOException, InterruptedException {
        start(
                Way.GZIP,
                store,
                """
                    format: {raw: {delimiter: lines}}
                    destination: {bucket: gzip, prefix: clicks/, compression: gzip}
                """);
        start(
                Way.PARQUET,
                store,
                parquet(
                        "{region: .geo.region}",
                        "parquet",
                        "region=!{partitionKeyFromQuery:region}/"));
        start(
                Way.PARTITIONS,
                store,
                parquet(
                        KEYS,
                        "partitions",
                        "customer=!{partitionKeyFromQuery:customer_id}/region=!{partitionKeyFromQuery:region}/"));
    }

    private static String parquet(String query, String bucket, String prefix) {
        return """
            partitioning: {query: '%s', activePartitionsLimit: 10000}
            format: {parquet: {compression: snappy}, schema: {table: bench.clicks}}
            destination: {bucket: %s, prefix: '%s', errorPrefix: errors/}
        """
                .formatted(query, bucket, prefix);
    }

    private void start(Way way, String store, String stream)
            throws IOException, InterruptedException {
        String clicks = "  clicks:\n    buffer: {size: 64MB, interval: 900s}\n" + stream;
        LoadedDaemon daemon =
                new LoadedDaemon(folder.resolve(way.name()), "", store, clicks.stripTrailing());
        daemon.start();
        daemons.put(way, daemon);
    }

    private void startFlink() throws IOException {
        Path lines = Files.createDirectories(folder.resolve("lines"));
        Batches.writeLines(records, lines.resolve("clicks.ndjson"));
        flink = FlinkPeer.start(lines, folder);
        if (flink.isEmpty()) {
            Statistics.line("Flink is not to be had here: its quiet figures stand in");
        }
    }

    // --- measuring ---

    private void turns(int round) throws Exception {
        for (Map.Entry<Way, LoadedDaemon> daemon : daemons.entrySet()) {
            LoadedDaemon.Load load = daemon.getValue().load(calls, Batches.count(records));
            note(round, daemon.getKey(), load.landed().total().toNanos(), load.seconds());
        }
        gzip(round);
        if (flink.isPresent()) {
            convert(round, Way.FLINK, FlinkPeer.Partitions.NONE);
            convert(round, Way.FLINK_PARTITIONS, FlinkPeer.Partitions.CUSTOMERS);
        }
    }

    private void gzip(int round) throws IOException {
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long begun = System.nanoTime();
        try (OutputStream out =
                new BufferedOutputStream(
                        new Gzip(OutputStream.nullOutputStream(), Compression.GZIP.level()),
                        1 << 16)) {
            for (RecordBatch batch : records) {
                RecordBatch.Cursor cursor = batch.cursor();
                for (DeliveryRecord record = cursor.next();
                        record != null;
                        record = cursor.next()) {
                    out.write(record.array(), record.offset(), record.length());
                    out.write('\n');
                }
            }
        }
        note(
                round,
                Way.JDK_GZIP,
                ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu,
                (System.nanoTime() - begun) / 1e9);
    }

    private void convert(int round, Way way, FlinkPeer.Partitions partitions) throws IOException {
        ProcessHandle process = ProcessHandle.of(flink.orElseThrow().pid()).orElseThrow();
        long cpu = ProcessTimes.cpu(process).toNanos();
        long begun = System.nanoTime();
        flink.orElseThrow().convert(partitions);
        note(
                round,
                way,
                ProcessTimes.cpu(process).toNanos() - cpu,
                (System.nanoTime() - begun) / 1e9);
    }

    private void note(int round, Way way, long cpuNanos, double seconds) {
        Round one = new Round(bytes * 1e3 / cpuNanos, bytes / 1e6 / seconds);
        Statistics.line(
                "  %s %-52s %6.1f MB per CPU-second, %6.1f MB/s; load average %.2f",
                round < 0 ? "warm-up" : "round " + (round + 1),
                way.title,
                one.megabytesPerCpuSecond(),
                one.megabytesPerSecond(),
                Usage.loadAverage());
        if (round >= 0) {
            rounds.computeIfAbsent(way, none -> new ArrayList<>()).add(one);
        }
    }

    // --- report ---

    private List<GoalRow> report(int count) throws Exception {
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds | MB per CPU-second | MB/s | peak resident |", count);
        Statistics.line("|---|---|---|---|");
        for (Map.Entry<Way, List<Round>> way : rounds.entrySet()) {
            LoadedDaemon daemon = daemons.get(way.getKey());
            Statistics.line(
                    "| %s | %.1f | %.1f | %s |",
                    way.getKey().title,
                    Statistics.median(way.getValue(), Round::megabytesPerCpuSecond),
                    Statistics.median(way.getValue(), Round::megabytesPerSecond),
                    daemon == null ? "" : Statistics.mebibytes(daemon.peakResidentBytes()));
        }
        Statistics.line("");
        return List.of(
                GoalRow.atLeast(
                        10,
                        "HTTP to gzip to S3 vs Fluent Bit (its quiet figure of 26 MB per CPU-second)",
                        speed(Way.GZIP) / FLUENT_BIT,
                        2.5,
                        4.5),
                GoalRow.atLeast(
                        10,
                        "HTTP to gzip to S3 vs " + Way.JDK_GZIP.title,
                        speed(Way.GZIP) / speed(Way.JDK_GZIP),
                        0.55,
                        0.75),
                GoalRow.atLeast(
                        11,
                        against(
                                Way.FLINK,
                                "HTTP to jq to Parquet to S3 vs Flink's conversion alone"),
                        speed(Way.PARQUET) / speed(Way.FLINK),
                        2,
                        3.5),
                GoalRow.atLeast(
                        12,
                        against(
                                Way.FLINK_PARTITIONS,
                                "HTTP to jq to %,d Parquet objects in S3 vs Flink's as many"
                                        .formatted(partitions())),
                        speed(Way.PARTITIONS) / speed(Way.FLINK_PARTITIONS),
                        6,
                        15));
    }

    /** Says when a quiet figure stands in. */
    private String against(Way theirs, String name) {
        return rounds.containsKey(theirs)
                ? name
                : "%s (its quiet figure of %.0f MB per CPU-second)".formatted(name, theirs.quiet);
    }

    private double speed(Way way) {
        List<Round> measured = rounds.get(way);
        return measured == null
                ? way.quiet
                : Statistics.median(measured, Round::megabytesPerCpuSecond);
    }

    /** How many objects a round makes where both keys part the records. */
    private int partitions() throws Exception {
        JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile(KEYS));
        Set<Object> keys = new HashSet<>();
        for (RecordBatch batch : records) {
            RecordBatch.Cursor cursor = batch.cursor();
            for (DeliveryRecord record = cursor.next(); record != null; record = cursor.next()) {
                keys.add(extractor.extract(record));
            }
        }
        return keys.size();
    }

    /** With a level. */
    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream out, int level) throws IOException {
            super(out, 1 << 16);
            def.setLevel(level);
        }
    }
}
