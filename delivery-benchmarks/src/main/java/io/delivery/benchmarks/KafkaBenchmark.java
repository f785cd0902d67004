package io.delivery.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a durable record of 500 bytes costs the server: PutRecordBatch with a signature, beside a
 * Kafka broker that calls fsync before it answers. The load is in other processes; only the
 * server's processor time counts. Row 9 of the goals.
 */
final class KafkaBenchmark {
    private static final long KAFKA_RECORDS = Long.getLong("records", 1_000_000);
    private static final int CONNECTIONS = Integer.getInteger("connections", 16);
    private static final double SECONDS = Integer.getInteger("seconds", 10);

    private static final String CONFIGURATION =
            """
            server:
              api: 127.0.0.1:%%d
              admin: 127.0.0.1:%%d
              shutdown: {land: false}
              %s
            dataDir: data
            limits: {memory: 256MB}
            stores: {lake: {directory: lake}}
            streams: {clicks: {buffer: {size: 128MB, interval: 900s}, destination: {store: lake, bucket: b}}}
            """
                    .formatted(PutRequests.CREDENTIALS);

    /** One round of one side. */
    private record Round(double perCpuSecond, double perSecond) {}

    private KafkaBenchmark() {}

    static void run(int rounds) throws Exception {
        String classPath = Files.readString(Path.of("target/peers/kafka.class.path")).strip();
        Statistics.line("%s; records of %d bytes", Usage.machine(), PutRequests.BATCH_RECORD_BYTES);
        try (Scratch scratch = Scratch.open("kafka")) {
            Path kafka = Files.createDirectories(scratch.folder().resolve("kafka"));
            Path own = Files.createDirectories(scratch.folder().resolve("delivery"));
            Daemon daemon = new Daemon(own, CONFIGURATION, "1g", List.of());
            daemon.start();
            try (KafkaBroker broker = KafkaBroker.start(kafka, classPath)) {
                measure(broker, daemon, rounds);
            } finally {
                daemon.stop();
            }
        }
    }

    private static void measure(KafkaBroker broker, Daemon daemon, int rounds) throws Exception {
        List<Round> kafka = new ArrayList<>();
        List<Round> delivery = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) { // the first is for warming up
            Round one = kafka(broker);
            Round other = delivery(daemon);
            if (round > 0) {
                kafka.add(one);
                delivery.add(other);
            }
            daemon.flush("clicks"); // the journal has room for the next
            new Scratch(daemon.folder().resolve("lake/b")).close(); // and so has the disk
        }
        Statistics.line(
                "| medians of %d rounds | durable records per CPU-second of the server | records/s |",
                rounds);
        Statistics.line("|---|---|---|");
        print("Kafka, flush.messages=1, batches of 256 KiB", kafka);
        print("delivery, SigV4, batches of %d".formatted(PutRequests.BATCH_RECORDS), delivery);
        Statistics.line(
                "ratio %.2f; load average %.2f",
                Statistics.median(delivery, Round::perCpuSecond)
                        / Statistics.median(kafka, Round::perCpuSecond),
                Usage.loadAverage());
    }

    private static void print(String side, List<Round> rounds) {
        Statistics.line(
                "| %s | %,.0f | %,.0f |",
                side,
                Statistics.median(rounds, Round::perCpuSecond),
                Statistics.median(rounds, Round::perSecond));
    }

    private static Round kafka(KafkaBroker broker) throws IOException, InterruptedException {
        Duration before = cpu(broker.pid());
        long begun = System.nanoTime();
        broker.load(KAFKA_RECORDS, PutRequests.BATCH_RECORD_BYTES);
        return round(KAFKA_RECORDS, cpu(broker.pid()).minus(before), System.nanoTime() - begun);
    }

    private static Round delivery(Daemon daemon) throws Exception {
        byte[] request = PutRequests.signed(daemon.api(), PutRequests.batch());
        Duration before = cpu(daemon.pid());
        long begun = System.nanoTime();
        long requests = HttpLoad.run(daemon.api(), request, CONNECTIONS, SECONDS).requests();
        return round(
                requests * PutRequests.BATCH_RECORDS,
                cpu(daemon.pid()).minus(before),
                System.nanoTime() - begun);
    }

    private static Round round(long records, Duration cpu, long wallNanos) {
        return new Round(records / (cpu.toNanos() / 1e9), records / (wallNanos / 1e9));
    }

    private static Duration cpu(long pid) {
        return ProcessTimes.cpu(ProcessHandle.of(pid).orElseThrow());
    }
}
