package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.S3Bucket;
import io.delivery.testkit.servers.S3ProxyServer;
import io.delivery.testkit.servers.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program is killed with SIGKILL under load, again and again, on one data directory. {@code
 * -Dproof.seed=N} repeats the moments and the records, {@code -Dproof.kills=N} does it more often.
 */
class KillIT {
    private static final int PRODUCERS = 4;

    private final long seed = Long.getLong("proof.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir private Path folder;

    /** Where objects land, seen from outside. */
    private interface Lake {
        /** The bytes of every object of a bucket, by key. */
        Map<String, byte[]> objects(String bucket) throws IOException;
    }

    @Test
    void nothing_is_lost_or_doubled_in_a_directory_by_twenty_kills() throws Exception {
        prove("directory", 20, "directory: " + folder.resolve("lake"), this::filesOf);
    }

    @Test
    void nothing_is_lost_or_doubled_in_s3proxy() throws Exception {
        try (S3ProxyServer server = S3ProxyServer.start()) {
            prove("S3Proxy", 3, server);
        }
    }

    @Test
    void nothing_is_lost_or_doubled_in_minio() throws Exception {
        assumeTrue(MinioServer.missing().isEmpty(), () -> MinioServer.missing().orElse(""));
        try (MinioServer server = MinioServer.start()) {
            prove("MinIO", 3, server);
        }
    }

    private void prove(String title, int kills, S3Server server) throws Exception {
        String store =
                "s3: {endpoint: '%s', credentials: {accessKeyId: %s, secretAccessKey: %s}}"
                        .formatted(
                                server.endpoint(), server.accessKeyId(), server.secretAccessKey());
        try (S3Bucket events = S3Bucket.create(server, "events");
                S3Bucket raw = S3Bucket.create(server, "raw")) {
            prove(title, kills, store, bucket -> (bucket.equals("raw") ? raw : events).objects());
        }
    }

    private Map<String, byte[]> filesOf(String bucket) throws IOException {
        Path root = folder.resolve("lake").resolve(bucket);
        Map<String, byte[]> files = new TreeMap<>();
        if (Files.exists(root)) {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    files.put(root.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    private Path configuration(String store) throws IOException {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server:
                  api: 127.0.0.1:0
                  admin: 127.0.0.1:0
                  credentials: [{accessKeyId: %s, secretAccessKey: %s}]
                limits: {memory: 128MB}
                stores:
                  lake:
                    %s
                streams:
                  clicks:
                    buffer: {size: 1MB, interval: 1s, lowLatency: true}
                    split: json
                    partitioning: {query: '{k: .key}'}
                    format: {raw: {delimiter: lines}}
                    destination:
                      bucket: events
                      prefix: clicks/k=!{partitionKeyFromQuery:k}/
                      errorPrefix: errors/!{firehose:error-output-type}/
                    backup:
                      bucket: raw
                      delimiter: lines
                      buffer: {size: 1MB, interval: 2s, lowLatency: true}
                """
                        .formatted(OracleProducer.ACCESS_KEY, OracleProducer.SECRET, store));
    }

    private void prove(String title, int standardKills, String store, Lake lake) throws Exception {
        int kills = Integer.getInteger("proof.kills", standardKills);
        Path config = configuration(store);
        Map<String, Long> seen = new TreeMap<>();
        System.out.printf("kill proof: store=%s seed=%d kills=%d%n", title, seed, kills);
        try (OracleProducer producer = new OracleProducer("clicks", PRODUCERS, seed)) {
            producer.start();
            for (int kill = 1; kill <= kills; kill++) {
                if (kill % 5 == 0) {
                    killWhileStarting(config);
                }
                try (DaemonProcess daemon = DaemonProcess.start(config)) {
                    producer.pointAt(daemon.api());
                    daemon.live(Duration.ofMillis(100 + random.nextInt(1500)));
                    daemon.kill();
                    producer.pointAt(null);
                    assertThat(daemon.log()).doesNotContain(" ERROR ");
                }
                nothingChanged(seen, lake);
            }
            producer.stop();

            OracleProducer.Findings found = new OracleProducer.Findings();
            try (DaemonProcess daemon = DaemonProcess.start(config)) {
                daemon.flush("clicks");
                nothingChanged(seen, lake);
                for (Map.Entry<String, byte[]> object : lake.objects("events").entrySet()) {
                    if (object.getKey().startsWith("errors/processing-failed/")) {
                        found.error(object.getKey(), object.getValue());
                    } else {
                        found.main(object.getKey(), object.getValue());
                    }
                }
                lake.objects("raw").values().forEach(found::backup);
                booksSayTheSame(daemon, found);
                daemon.terminate();
                assertThat(daemon.exitCode()).as(daemon.log()).isZero();
            }
            long unanswered = producer.compare(found);

            System.out.printf(
                    "kill proof: store=%s seed=%d kills=%d acknowledged=%d unanswered=%d objects=%d"
                            + " main=%d error=%d backup=%d%n",
                    title,
                    seed,
                    kills,
                    producer.acknowledged(),
                    unanswered,
                    seen.size(),
                    found.mainParts(),
                    found.errorParts(),
                    found.backupRecords());
            assertThat(producer.acknowledged()).isGreaterThan(100L * kills);
            assertThat(found.errorParts()).isPositive();
            assertThat(seen).hasSizeGreaterThan(kills);
        }
    }

    /** Recovery is interrupted as well. */
    private void killWhileStarting(Path config) throws Exception {
        try (DaemonProcess daemon = DaemonProcess.launch(config)) {
            daemon.live(Duration.ofMillis(300 + random.nextInt(1200)));
            daemon.kill();
        }
    }

    private static void booksSayTheSame(DaemonProcess daemon, OracleProducer.Findings found)
            throws Exception {
        var main = daemon.books("clicks", 0);
        var backup = daemon.books("clicks", 1);
        assertThat(List.of(main, backup)).allMatch(books -> books.path("balanced").asBoolean());
        assertThat(main.path("buffered").asLong()).isZero();
        assertThat(main.path("landed").asLong()).isEqualTo(found.mainParts());
        assertThat(main.path("errorOutput").asLong()).isEqualTo(found.errorParts());
        assertThat(main.path("accepted").asLong()).isEqualTo(found.backupRecords());
        assertThat(backup.path("landed").asLong()).isEqualTo(found.backupRecords());
        assertThat(backup.path("buffered").asLong()).isZero();
    }

    /** What was visible once is there, with the same bytes. */
    private static void nothingChanged(Map<String, Long> seen, Lake lake) throws IOException {
        Map<String, Long> now = new TreeMap<>();
        for (String bucket : List.of("events", "raw")) {
            lake.objects(bucket)
                    .forEach(
                            (key, bytes) ->
                                    now.put(bucket + "/" + key, OracleProducer.checksum(bytes)));
        }
        assertThat(now).containsAllEntriesOf(seen);
        seen.putAll(now);
    }
}
