package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.api.http.FirehoseClient;
import io.delivery.machine.SystemClock;
import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.S3Bucket;
import io.delivery.testkit.servers.S3ProxyServer;
import io.delivery.testkit.servers.S3Server;
import io.delivery.wiring.ProgramRun;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code verify} beside a real process, and against real servers. */
@Execution(ExecutionMode.CONCURRENT)
class VerifyIT {
    private static final String STRANGER =
            "clicks/clicks-1-2026-11-21-07-30-00-01234567-0123-4123-8123-0123456789ab";

    @TempDir private Path folder;

    private Path configuration(String store) throws Exception {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server:
                  api: 127.0.0.1:0
                  admin: 127.0.0.1:0
                limits: {memory: 128MB}
                stores:
                  lake:
                    %s
                streams:
                  clicks:
                    buffer: {size: 1MB, interval: 0s, lowLatency: true}
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
                      buffer: {size: 1MB, interval: 1s, lowLatency: true}
                """
                        .formatted(store));
    }

    private static ProgramRun verify(Path config, String... options) {
        List<String> arguments = new ArrayList<>(List.of("verify", "-c", config.toString()));
        arguments.addAll(List.of(options));
        return ProgramRun.of(Map.of(), arguments.toArray(String[]::new));
    }

    private static void isEqual(ProgramRun run) {
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    }

    @Test
    void it_is_equal_whenever_it_is_asked_beside_a_daemon_under_load_that_is_killed()
            throws Exception {
        Path config = configuration("directory: " + folder.resolve("lake"));
        try (Load load = new Load(2)) {
            for (int kill = 0; kill < 3; kill++) {
                try (DaemonProcess daemon = Daemons.start(config)) {
                    load.sendTo(daemon.api());
                    for (int look = 0; look < 5; look++) {
                        daemon.live(Duration.ofMillis(150));
                        isEqual(verify(config, look % 2 == 0 ? "--read" : "--json"));
                    }
                    daemon.kill();
                    load.sendTo(null);
                }
                isEqual(verify(config, "--read"));
            }
            load.stop();
        }
        assertThat(folder.resolve("data"))
                .isDirectoryRecursivelyContaining("glob:**/lanes/main-1/ledger/*.dl");
    }

    @Test
    void it_tells_what_became_of_objects_in_s3proxy() throws Exception {
        try (S3ProxyServer server = S3ProxyServer.start()) {
            tells(server, Uploads.LISTED);
        }
    }

    @Test
    void it_tells_what_became_of_objects_in_minio() throws Exception {
        assumeTrue(MinioServer.missing().isEmpty(), () -> MinioServer.missing().orElse(""));
        try (MinioServer server = MinioServer.start()) {
            tells(server, Uploads.OF_ONE_KEY_AT_A_TIME);
        }
    }

    /** What a server tells of uploads that nobody will complete. */
    private enum Uploads {
        LISTED,
        OF_ONE_KEY_AT_A_TIME
    }

    private void tells(S3Server server, Uploads uploads) throws Exception {
        Path config =
                configuration(
                        "s3: {endpoint: '%s', credentials: {accessKeyId: %s, secretAccessKey: %s}}"
                                .formatted(
                                        server.endpoint(),
                                        server.accessKeyId(),
                                        server.secretAccessKey()));
        try (S3Bucket events = S3Bucket.create(server, "events");
                S3Bucket raw = S3Bucket.create(server, "raw");
                Load load = new Load(1)) {
            try (DaemonProcess daemon = Daemons.start(config)) {
                load.sendTo(daemon.api());
                daemon.live(Duration.ofMillis(500));
                isEqual(verify(config, "--store"));
                load.sendTo(null);
                load.stop();
                daemon.flush("clicks");
            }
            isEqual(verify(config, "--read"));
            assertThat(raw.objects()).isNotEmpty();
            List<String> keys = List.copyOf(events.objects().keySet());

            events.beginUpload(keys.get(2));
            events.beginUpload(STRANGER);
            leftUploads(config, uploads, events, keys.get(2));

            events.remove(keys.get(0));
            ProgramRun missing = verify(config, "--store");
            assertThat(missing.exitCode()).as(missing.out()).isEqualTo(7);
            assertThat(missing.out()).contains("missing clicks main-1, lake:events/" + keys.get(0));

            // Of the same length: the mark tells without reading.
            byte[] bytes = events.objects().get(keys.get(1));
            bytes[0] ^= 1;
            events.put(keys.get(1), bytes);
            events.put(STRANGER, new byte[1]);
            ProgramRun changed = verify(config, "--store");
            assertThat(changed.exitCode()).isEqualTo(1);
            assertThat(changed.out())
                    .contains(
                            "changed clicks main-1, lake:events/" + keys.get(1),
                            "carries the mark none",
                            "unknown clicks, lake:events/" + STRANGER);
        }
    }

    /** One of a key of ours whose object has landed, and one with our form that nobody recorded. */
    private static void leftUploads(Path config, Uploads uploads, S3Bucket events, String ours)
            throws Exception {
        ProgramRun told = verify(config, "--store");
        assertThat(told.exitCode()).as("left behind is not wrong: " + told.out()).isZero();
        if (uploads == Uploads.OF_ONE_KEY_AT_A_TIME) {
            assertThat(told.out()).contains("multipart uploads cannot be seen: MinIO lists");
            return;
        }
        assertThat(told.out())
                .contains(
                        "orphaned lake:events/" + ours,
                        "verify --abort-orphans ends it",
                        "1 multipart upload that this service may have begun and no record names",
                        "everything is as it was recorded; 1 multipart upload left behind");
        assertThat(events.uploads()).containsExactlyInAnyOrder(ours, STRANGER);

        ProgramRun ended = verify(config, "--abort-orphans");

        assertThat(ended.exitCode()).as(ended.out()).isZero();
        assertThat(ended.out())
                .contains("ended 1 multipart upload that nobody would have completed")
                .endsWith("everything is as it was recorded\n");
        assertThat(events.uploads()).containsExactly(STRANGER);
    }

    /** Clicks with a key each, some of them no JSON, from several threads until it is stopped. */
    private static final class Load implements AutoCloseable {
        /** Enough that objects land all the time, and no more than is read again each time. */
        private static final long PAUSE_MILLIS = 5;

        private final List<Thread> threads = new ArrayList<>();
        private final CountDownLatch stopped = new CountDownLatch(1);
        private FirehoseClient client;

        Load(int producers) {
            for (int i = 0; i < producers; i++) {
                int producer = i;
                Thread thread = new Thread(() -> run(producer), "load-" + producer);
                threads.add(thread);
                thread.start();
            }
        }

        private void run(int producer) {
            int number = 0;
            try {
                for (FirehoseClient to = next(); to != null; to = next()) {
                    List<byte[]> records = new ArrayList<>();
                    for (int i = 0; i < 50; i++) {
                        records.add(record(producer, number++));
                    }
                    try {
                        to.putRecordBatch("clicks", records);
                    } catch (IOException unanswered) {
                        // The daemon was killed in between: verify must be equal either way.
                    }
                }
            } catch (InterruptedException e) {
                return;
            }
        }

        /** Whom to ask next, after a pause and once there is one; null at the end. */
        private FirehoseClient next() throws InterruptedException {
            if (stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                return null;
            }
            synchronized (this) {
                while (client == null && stopped.getCount() > 0) {
                    wait();
                }
                return stopped.getCount() > 0 ? client : null;
            }
        }

        private static byte[] record(int producer, int number) {
            String text =
                    number % 20 == 7
                            ? "no json " + number
                            : "{\"key\":\"k%d\",\"n\":\"%d-%d\"}"
                                    .formatted(number % 3, producer, number);
            return text.getBytes(StandardCharsets.UTF_8);
        }

        /** Where a daemon answers now; null for nowhere. */
        synchronized void sendTo(URI address) {
            client =
                    address == null
                            ? null
                            : new FirehoseClient(address, Optional.empty(), new SystemClock());
            notifyAll();
        }

        void stop() throws InterruptedException {
            stopped.countDown();
            synchronized (this) {
                notifyAll();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }

        @Override
        public void close() throws InterruptedException {
            stop();
        }
    }
}
