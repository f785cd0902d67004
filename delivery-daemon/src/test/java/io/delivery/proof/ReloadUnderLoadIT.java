package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.api.ApiException;
import io.delivery.api.http.FirehoseClient;
import io.delivery.api.signing.RequestSigner;
import io.delivery.listening.AnyCertificate;
import io.delivery.listening.TestCertificate;
import io.delivery.machine.SystemClock;
import io.delivery.wiring.ProgramRun;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process whose configuration is a volume as Kubernetes mounts a ConfigMap: streams, stores,
 * callers and the certificate come, change and go while producers put records. What was accepted
 * lands once, and nothing else does.
 */
class ReloadUnderLoadIT {
    private static final int RECORDS_OF_A_CALL = 20;
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Of all versions but the last one, which has what is in the lake then. */
    private static final String FIRST =
            """
            stores: {lake: {directory: ../lake, default: true}}
            streams:
              steady: {buffer: {size: 1MB, interval: 60s}, format: {raw: {delimiter: lines}}, destination: {bucket: steady}}
              lane: {format: {raw: {delimiter: lines}}, destination: {bucket: lane}}
              guest: {format: {raw: {delimiter: lines}}, destination: {bucket: guest}}
            """;

    /** What follows each other. */
    private static final List<String> VERSIONS =
            List.of(
                    // Another definition, a lane and a store more.
                    """
                    stores: {lake: {directory: ../lake, default: true}, sea: {directory: ../sea}}
                    streams:
                      steady: {format: {raw: {delimiter: lines}}, destination: {bucket: steady, prefix: second/}}
                      lane: {format: {raw: {delimiter: lines}}, destination: {bucket: lane}, backup: {bucket: raw, delimiter: lines}}
                      guest: {format: {raw: {delimiter: lines}}, destination: {bucket: guest}}
                    """,
                    // One stream goes, one goes elsewhere, a store has another place.
                    """
                    stores: {lake: {directory: ../other, default: true}, sea: {directory: ../sea}}
                    streams:
                      steady: {format: {raw: {delimiter: lines}}, destination: {store: sea, bucket: steady}}
                      lane: {format: {raw: {delimiter: lines}}, destination: {bucket: lane}, backup: {bucket: raw, delimiter: lines}}
                    """,
                    // It comes back; the store that all began with is gone.
                    """
                    stores: {sea: {directory: ../sea, default: true}}
                    streams:
                      steady: {format: {raw: {delimiter: lines}}, destination: {bucket: steady}}
                      lane: {format: {raw: {delimiter: lines}}, destination: {bucket: lane}}
                      guest: {format: {raw: {delimiter: lines}}, destination: {bucket: guest, prefix: again/}}
                    """,
                    FIRST);

    @TempDir private Path folder;

    /** What was answered 200, by stream. */
    private final Map<String, ConcurrentLinkedQueue<String>> accepted = new ConcurrentHashMap<>();

    private volatile boolean enough;
    private int versions;

    @Test
    void what_is_accepted_while_everything_changes_lands_once() throws Exception {
        for (String stream : List.of("steady", "lane", "guest")) {
            accepted.put(stream, new ConcurrentLinkedQueue<>());
        }
        callers("first", "second");
        certificate("one");
        swap(FIRST);
        ExecutorService producers = Executors.newCachedThreadPool();
        try (DaemonProcess daemon =
                Daemons.start(folder.resolve("volume").resolve("delivery.yaml"))) {
            List<Future<Void>> running = new ArrayList<>();
            for (String stream : accepted.keySet()) {
                for (String key : List.of("first", "second", "third")) {
                    running.add(producers.submit(producer(daemon, stream, key)));
                }
            }
            awaitMore();

            change(daemon, VERSIONS.get(0));
            callers("second", "third");
            change(daemon, VERSIONS.get(1));
            certificate("two");
            refuse(daemon);
            change(daemon, VERSIONS.get(2));
            callers("first", "second", "third");
            change(daemon, VERSIONS.get(3));

            enough = true;
            for (Future<Void> producer : running) {
                producer.get(2, TimeUnit.MINUTES);
            }
            for (String stream : accepted.keySet()) {
                daemon.flush(stream);
                assertThat(daemon.books(stream, 0).path("balanced").asBoolean()).isTrue();
            }
            assertThat(daemon.metric("delivery_configuration_stale", "")).isZero();
            assertThat(daemon.log())
                    .contains(
                            "configuration changed: stream=steady change=NEW_VERSION",
                            "configuration changed: stream=lane change=NEW_LANE",
                            "configuration changed: stream=guest change=DRAINED",
                            "configuration changed: stream=guest change=OPENED",
                            "configuration changed: store=sea change=ADDED",
                            "configuration changed: store=lake change=NEW_SETTINGS",
                            "configuration changed: store=lake change=REMOVED",
                            "changed files are in force: setting=server.credentialsFile",
                            "changed files are in force: setting=server.tls")
                    .doesNotContain("defect");
            daemon.terminate();
            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
        } finally {
            enough = true;
            producers.shutdownNow();
        }

        for (String stream : accepted.keySet()) {
            assertThat(landed(stream))
                    .as(stream)
                    .isEqualTo(accepted.get(stream).stream().sorted().toList());
        }
        List<String> backup = landed("raw");
        assertThat(backup).doesNotHaveDuplicates().isNotEmpty();
        assertThat(new HashSet<>(accepted.get("lane"))).containsAll(backup);
    }

    /** From all places that the stores have had, sorted. */
    private List<String> landed(String bucket) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String place : List.of("lake", "other", "sea")) {
            lines.addAll(Notes.landed(folder.resolve(place).resolve(bucket)));
        }
        lines.sort(null);
        return lines;
    }

    // --- producers ---

    /** Puts lines that differ until it is enough; what was refused was not accepted. */
    private Callable<Void> producer(DaemonProcess daemon, String stream, String key) {
        return () -> {
            HttpClient http = HttpClient.newBuilder().sslContext(AnyCertificate.context()).build();
            FirehoseClient client =
                    new FirehoseClient(
                            daemon.api(),
                            Optional.of(new RequestSigner(key, "secret", "us-east-1")),
                            new SystemClock(),
                            http);
            for (int call = 0; !enough; call++) {
                int number = call;
                List<String> lines =
                        IntStream.range(0, RECORDS_OF_A_CALL)
                                .mapToObj(i -> "%s %s %06d %02d".formatted(stream, key, number, i))
                                .toList();
                put(client, stream, lines);
                daemon.live(PAUSE); // a load, and not all that the machine can
            }
            return null;
        };
    }

    private void put(FirehoseClient client, String stream, List<String> lines) throws Exception {
        List<FirehoseClient.Entry> entries;
        try {
            entries =
                    client.putRecordBatch(
                            stream,
                            lines.stream()
                                    .map(line -> line.getBytes(StandardCharsets.UTF_8))
                                    .toList());
        } catch (ApiException refused) {
            // The stream is not configured, the key is not known, or the disk is busy.
            assertThat(refused.type())
                    .containsAnyOf(
                            "ResourceNotFoundException",
                            "UnrecognizedClientException",
                            "ServiceUnavailableException");
            return;
        }
        for (int i = 0; i < lines.size(); i++) {
            if (entries.get(i).accepted()) {
                accepted.get(stream).add(lines.get(i));
            }
        }
    }

    /** Until something more was accepted by the streams that there are all the time. */
    private void awaitMore() {
        for (String stream : List.of("steady", "lane")) {
            int before = accepted.get(stream).size();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> accepted.get(stream).size() >= before + 5 * RECORDS_OF_A_CALL);
        }
    }

    // --- changes ---

    private void change(DaemonProcess daemon, String text) throws Exception {
        int before = reloads(daemon);
        swap(text);
        await().atMost(Duration.ofMinutes(1)).until(() -> reloads(daemon) > before);
        awaitMore();
    }

    private static int reloads(DaemonProcess daemon) throws Exception {
        return (int) daemon.metric("delivery_reloaded_files_total", "configuration");
    }

    /** A version that is wrong changes nothing, and says so wherever somebody looks. */
    private void refuse(DaemonProcess daemon) throws Exception {
        int before = reloads(daemon);
        swap(VERSIONS.get(2).replace("bucket: guest", "bukcet: guest"));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> daemon.metric("delivery_configuration_stale", "") == 1);
        ProgramRun status = ProgramRun.of(Map.of(), "status", "--admin", daemon.admin().toString());
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.out()).contains("bukcet", "the former configuration counts");
        ProgramRun diff =
                ProgramRun.of(
                        Map.of(),
                        "diff",
                        folder.resolve("volume/delivery.yaml").toString(),
                        "--admin",
                        daemon.admin().toString());
        assertThat(diff.exitCode()).isEqualTo(3);
        assertThat(diff.out()).contains("bukcet");
        assertThat(reloads(daemon)).isEqualTo(before);
        awaitMore();
    }

    /** As kubelet does it: another folder, and then one link that is renamed. */
    private void swap(String text) throws IOException {
        Path volume = Files.createDirectories(folder.resolve("volume"));
        Path version = Files.createDirectory(volume.resolve("..v" + versions++));
        Files.writeString(
                version.resolve("delivery.yaml"),
                """
                server:
                  api: 127.0.0.1:0
                  admin: 127.0.0.1:0
                  credentialsFile: ../secrets/callers.yaml
                  tls: {certificate: ../secrets/server.crt, key: ../secrets/server.key}
                dataDir: ../data
                limits: {memory: 128MB}
                """
                        + text);
        Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), version.getFileName());
        move(link, volume.resolve("..data"));
        if (versions == 1) {
            Files.createSymbolicLink(
                    volume.resolve("delivery.yaml"), Path.of("..data/delivery.yaml"));
        }
    }

    private void callers(String... keys) throws IOException {
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        StringBuilder text = new StringBuilder();
        Stream.of(keys)
                .forEach(
                        key ->
                                text.append(
                                        "- {accessKeyId: " + key + ", secretAccessKey: secret}\n"));
        Path next = Files.writeString(secrets.resolve("callers.next"), text);
        move(next, secrets.resolve("callers.yaml"));
    }

    private void certificate(String name) throws Exception {
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        TestCertificate.PemFiles made =
                TestCertificate.in(Files.createDirectory(folder.resolve("certificate-" + name)));
        move(made.certificate(), secrets.resolve("server.crt"));
        move(made.key(), secrets.resolve("server.key"));
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
