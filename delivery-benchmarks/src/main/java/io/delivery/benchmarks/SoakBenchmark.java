package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.benchmarks.FaultyS3.Weather;
import io.delivery.benchmarks.SoakSample.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/**
 * An hour or more of load, restarts and store faults, and whether anything grows meanwhile.
 *
 * <p>Two daemons get the same load into three streams each: raw lines into a directory; Parquet by
 * partitions into a directory with gzip backups in S3; gzip into S3. The <i>steady</i> one lives as
 * long as the run does: what leaks in a process shows here. The <i>restarted</i> one is stopped or
 * killed under load, in turns, every few rounds: what survives a restart and should not shows here.
 * S3 is {@link FaultyS3}; the fault of a directory is that its bucket is away.
 *
 * <p>A round is load, often with a fault, and then a rest in which everything lands and both are
 * sampled: they are compared with nothing in hand. Samples of the restarted one are compared with
 * those at the same age of other lives. The first quarter of an hour is left out of the slopes (a
 * quarter of the run when it is shorter than an hour). What is expected: the upper 95 % bound of
 * every slope is at most 2 % per hour, or one {@link Quantity#grain()} per hour, there are no more
 * handles and threads at the end than after that first quarter, and the books balance.
 */
final class SoakBenchmark {
    static final int PARTITIONS = 20;

    private static final double MOST_GROWTH_PER_HOUR = 0.02;
    private static final Duration WARM_UP = Duration.ofMinutes(15);
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(30);

    /** A journal gives its spares back after an idle second, threads end after five. */
    private static final Duration REST = Duration.ofSeconds(7);

    private static final int ROUNDS_A_LIFE = 6;
    private static final int FAULT_EVERY = 2;
    private static final int NEIGHBOURS = 5;

    private static final String CONFIGURATION =
            """
            server:
              api: 127.0.0.1:%%d
              admin: 127.0.0.1:%%d
              shutdown: {grace: 10s}
            dataDir: data
            stores:
              local: {directory: lake}
              remote:
                s3:
                  endpoint: %s
                  credentials: {accessKeyId: soak, secretAccessKey: soak}
                  checksums: whenRequired
                  chunkedEncoding: false
            catalogs: {main: {file: schemas}}
            streams:
              plain:
                buffer: {size: 5MB, interval: 5s, lowLatency: true}
                format: {raw: {delimiter: lines}}
                destination: {store: local, bucket: plain, prefix: plain/}
              clicks:
                buffer: {size: 64MB, interval: 6s, lowLatency: true}
                partitioning: {query: '{customer_id: .customer_id}', activePartitionsLimit: 50}
                format: {parquet: {compression: snappy}, schema: {table: soak.clicks}}
                destination:
                  store: local
                  bucket: clicks
                  prefix: 'clicks/customer=!{partitionKeyFromQuery:customer_id}/'
                  errorPrefix: 'errors/!{firehose:error-output-type}/'
                backup:
                  store: remote
                  bucket: backup
                  prefix: %s/
                  compression: gzip
                  buffer: {size: 5MB, interval: 7s, lowLatency: true}
              remote:
                buffer: {size: 5MB, interval: 4s, lowLatency: true}
                format: {raw: {delimiter: lines}}
                destination: {store: remote, bucket: remote, prefix: %s/, compression: gzip}
            """;

    private static final String TABLE =
            """
            columns:
              - {name: event_id, type: string}
              - {name: event_type, type: string}
              - {name: customer_id, type: string}
              - {name: ts, type: timestamp}
              - {name: geo, type: 'struct<region:string,country:string,city:string>'}
              - {name: tags, type: array<string>}
              - {name: duration_ms, type: bigint}
            """;

    private final Duration length;
    private final Duration round;
    private final Random random = new Random(Long.getLong("seed", 1));
    private final ReentrantReadWriteLock load = new ReentrantReadWriteLock(true);
    private final FaultyS3 s3 = new FaultyS3();
    private final List<SoakedDaemon> daemons = new ArrayList<>();
    private final List<SoakProducer> producers = new ArrayList<>();
    private final SoakedDaemon steady;
    private final SoakedDaemon restarted;
    private long begunNanos;
    private int faults;
    private int kills;
    private int stops;

    private SoakBenchmark(Path folder, Duration length) throws IOException {
        this.length = length;
        Duration part = length.dividedBy(40);
        this.round = part.compareTo(LONGEST_ROUND) < 0 ? part : LONGEST_ROUND;
        this.steady = daemon("steady", folder);
        this.restarted = daemon("restarted", folder);
    }

    private SoakedDaemon daemon(String name, Path folder) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        Path schemas = Files.createDirectories(own.resolve("schemas").resolve("soak"));
        Files.writeString(schemas.resolve("clicks.yaml"), TABLE);
        for (String bucket : List.of("plain", "clicks")) {
            Files.createDirectories(own.resolve("lake").resolve(bucket));
        }
        SoakedDaemon daemon =
                new SoakedDaemon(name, own, CONFIGURATION.formatted(s3.uri(), name, name));
        daemons.add(daemon);
        double rate = Double.parseDouble(System.getProperty("rate", "0.4")) * 1e6 / 3;
        for (String stream : List.of("plain", "clicks", "remote")) {
            producers.add(
                    new SoakProducer(
                            name + "/" + stream,
                            daemon.daemon().api(),
                            stream,
                            producers.size(),
                            rate,
                            load.readLock()));
        }
        return daemon;
    }

    /** Answers whether nothing grew and the books balance. */
    static boolean run() throws Exception {
        double minutes = Double.parseDouble(System.getProperty("minutes", "65"));
        Duration length = Duration.ofMillis(Math.round(minutes * 60_000));
        Statistics.line("%s; %.0f minutes", Usage.machine(), minutes);
        try (Scratch scratch = Scratch.open("soak")) {
            SoakBenchmark soak = new SoakBenchmark(scratch.folder(), length);
            try {
                return soak.measure();
            } finally {
                for (SoakedDaemon daemon : soak.daemons) {
                    daemon.daemon().kill();
                }
                soak.s3.close();
            }
        }
    }

    private boolean measure() throws Exception {
        for (SoakedDaemon daemon : daemons) {
            daemon.start();
        }
        begunNanos = System.nanoTime();
        producers.forEach(Thread::start);
        for (int number = 0; elapsed().compareTo(length) < 0; number++) {
            round(number);
        }
        for (SoakProducer producer : producers) {
            producer.end();
        }
        boolean balanced = true;
        for (SoakedDaemon daemon : daemons) {
            daemon.flush();
            balanced &= balanced(daemon);
        }
        report();
        boolean level = judge();
        for (SoakedDaemon daemon : daemons) {
            daemon.stop();
            List<String> errors = daemon.daemon().complaints(" ERROR ");
            errors.stream().limit(10).forEach(System.out::println);
            balanced &= errors.isEmpty();
        }
        Statistics.line("%s", level && balanced ? "PASSED" : "FAILED");
        return level && balanced;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begunNanos);
    }

    private double hours() {
        return (System.nanoTime() - begunNanos) / 3600e9;
    }

    /** Load, perhaps a fault and a restart, then a rest and a look. */
    private void round(int number) throws Exception {
        long roundBegun = System.nanoTime();
        boolean fault = number % FAULT_EVERY == 1;
        if (fault) {
            faults++;
            breakStores();
        }
        if (number % ROUNDS_A_LIFE == ROUNDS_A_LIFE - 1) {
            park(roundBegun, 0.1 + 0.2 * random.nextDouble());
            restart();
        }
        park(roundBegun, 0.35);
        if (fault) {
            mendStores();
        }
        park(roundBegun, 1);
        load.writeLock().lock();
        try {
            for (SoakedDaemon daemon : daemons) {
                daemon.flush();
            }
            Producers.park(REST);
            for (SoakedDaemon daemon : daemons) {
                print(daemon, daemon.sample(hours()));
            }
        } finally {
            load.writeLock().unlock();
        }
    }

    /** Until this part of the round is over. */
    private void park(long roundBegun, double part) {
        long until = roundBegun + Math.round(round.toNanos() * part);
        for (long left = 1; left > 0; ) {
            left = until - System.nanoTime();
            LockSupport.parkNanos(Math.max(0, left));
        }
    }

    private void restart() throws IOException, InterruptedException {
        if (restarted.lives() % 2 == 1) {
            restarted.kill();
            kills++;
        } else {
            restarted.stop();
            stops++;
        }
        restarted.start();
    }

    // --- faults ---

    private void breakStores() throws IOException {
        Weather[] bad = {Weather.OVERLOADED, Weather.RESETTING, Weather.FORGETFUL, Weather.SLOW};
        s3.weather(bad[random.nextInt(bad.length)]);
        for (SoakedDaemon daemon : daemons) {
            Path lake = daemon.daemon().folder().resolve("lake");
            move(lake.resolve("plain"), lake.resolve("plain.away"));
        }
    }

    private void mendStores() throws IOException {
        s3.weather(Weather.FINE);
        for (SoakedDaemon daemon : daemons) {
            Path lake = daemon.daemon().folder().resolve("lake");
            bringBack(lake.resolve("plain.away"), lake.resolve("plain"));
        }
    }

    /** A landing that had seen the bucket just before may have made its folder again. */
    private static void bringBack(Path away, Path bucket) throws IOException {
        if (Files.exists(bucket)) {
            List<Path> made;
            try (Stream<Path> all = Files.walk(bucket)) {
                made = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : made) {
                if (Files.isDirectory(path)) {
                    Files.delete(path);
                } else {
                    Path own = away.resolve(bucket.relativize(path));
                    Files.createDirectories(own.getParent());
                    move(path, own);
                }
            }
        }
        move(away, bucket);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    // --- what came of it ---

    private static void print(SoakedDaemon daemon, SoakSample sample) {
        Statistics.line(
                "%6.1f min  %-9s life %2d  age %3d  heap %,7d KiB  direct %,6d KiB  handles %3d"
                        + "  threads %3d  disk %,8d KiB  load average %.2f",
                sample.hours() * 60,
                daemon.name(),
                daemon.lives(),
                sample.age(),
                sample.heapBytes() >> 10,
                sample.directBytes() >> 10,
                sample.handles(),
                sample.threads(),
                sample.diskBytes() >> 10,
                Usage.loadAverage());
    }

    private boolean balanced(SoakedDaemon daemon) throws IOException, InterruptedException {
        boolean all = true;
        for (JsonNode stream : daemon.daemon().streams()) {
            String name = stream.path("name").asText();
            long acknowledged =
                    producers.stream()
                            .filter(p -> p.getName().equals(daemon.name() + "/" + name))
                            .mapToLong(SoakProducer::acknowledged)
                            .sum();
            for (JsonNode lane : stream.path("lanes")) {
                JsonNode books = lane.path("books");
                boolean good =
                        books.path("balanced").asBoolean()
                                && books.path("buffered").asLong() == 0
                                && books.path("damaged").asLong() == 0
                                && books.path("errorOutput").asLong() == 0
                                && books.path("accepted").asLong() >= acknowledged;
                Statistics.line(
                        "%s %s/%s: %,d records were answered 200; books %s%s",
                        daemon.name(),
                        name,
                        lane.path("lane").asText(),
                        acknowledged,
                        books,
                        good ? "" : "  WRONG");
                all &= good;
            }
        }
        return all;
    }

    private void report() throws IOException {
        double seconds = elapsed().toMillis() / 1000.0;
        long bytes = producers.stream().mapToLong(SoakProducer::bytes).sum();
        Statistics.line(
                "%.1f minutes, %,.0f MB, %,d records sent again; %d rounds with faults, %d stops,"
                        + " %d kills; %,d objects in S3",
                seconds / 60,
                bytes / 1e6,
                producers.stream().mapToLong(SoakProducer::repeated).sum(),
                faults,
                stops,
                kills,
                s3.objects());
        for (SoakedDaemon daemon : daemons) {
            Statistics.line(
                    "%s: CPU %.1f %% of one processor",
                    daemon.name(), daemon.cpuNanos() / 1e7 / seconds);
        }
        Statistics.line(
                "this program: CPU %.1f %% of one processor", Usage.cpuNanos() / 1e7 / seconds);
    }

    private double warmUpHours() {
        long quarter = length.toNanos() / 4;
        return Math.min(WARM_UP.toNanos(), quarter) / (double) TimeUnit.HOURS.toNanos(1);
    }

    private boolean judge() {
        double warm = warmUpHours();
        Statistics.line("");
        Statistics.line(
                "| | mean | after %.0f minutes | at the end | slope, %% per hour | upper 95 %%"
                        + " bound | per hour | |",
                warm * 60);
        Statistics.line("|---|---|---|---|---|---|---|---|");
        boolean good = true;
        for (SoakedDaemon daemon : daemons) {
            // Ages of one process never come again: there, all samples are one group.
            boolean oneLife = daemon == steady;
            List<SoakSample> first = near(daemon.samples(), warm);
            List<SoakSample> last = near(daemon.samples(), Double.MAX_VALUE);
            for (Quantity quantity : Quantity.values()) {
                Trend trend =
                        Trend.of(
                                daemon.samples().stream()
                                        .filter(s -> s.hours() >= warm)
                                        .map(s -> point(s, quantity, oneLife))
                                        .toList());
                double then = first.stream().mapToDouble(quantity::of).max().orElseThrow();
                double now = Statistics.median(last, quantity::of);
                double allowed = Math.max(trend.mean() * MOST_GROWTH_PER_HOUR, quantity.grain());
                boolean level =
                        trend.upperPerHour() <= allowed && !(quantity.counted() && now > then);
                Statistics.line(
                        "| %s: %s | %,.0f | %,.0f | %,.0f | %+.2f | %+.2f | %+,.1f | %s |",
                        daemon.name(),
                        quantity.text(),
                        trend.mean(),
                        Statistics.median(first, quantity::of),
                        now,
                        trend.relativeSlope() * 100,
                        trend.relativeUpper() * 100,
                        trend.upperPerHour(),
                        level ? "level" : "GROWS");
                good &= level;
            }
        }
        Statistics.line("");
        return good;
    }

    private static Trend.Point point(SoakSample sample, Quantity quantity, boolean oneLife) {
        return new Trend.Point(oneLife ? 0 : sample.age(), sample.hours(), quantity.of(sample));
    }

    /** The last samples before this time. */
    private static List<SoakSample> near(List<SoakSample> samples, double hours) {
        List<SoakSample> before = samples.stream().filter(s -> s.hours() <= hours).toList();
        return before.subList(Math.max(0, before.size() - NEIGHBOURS), before.size());
    }
}
