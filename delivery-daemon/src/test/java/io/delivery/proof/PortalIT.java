package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.proof.FaultPlan.Decision;
import io.delivery.testkit.servers.S3Bucket;
import io.delivery.testkit.servers.S3ProxyServer;
import io.delivery.wiring.ProgramRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The real program before a store in whose place something else answers for a few seconds. */
@Execution(ExecutionMode.CONCURRENT)
class PortalIT {
    private static final Duration PORTAL = Duration.ofSeconds(6);
    private static final int PARTITIONS = 20;

    private final AtomicBoolean portal = new AtomicBoolean();

    @TempDir private Path folder;

    private final FaultPlan plan =
            new FaultPlan(0) {
                @Override
                Weather weather(long millis) {
                    return Weather.FAIR;
                }

                @Override
                Decision next(Request request, Weather now) {
                    return portal.get()
                            ? new Decision(Optional.of(Fault.PORTAL), Duration.ZERO, false)
                            : Decision.NONE;
                }
            };

    private Path configuration(S3ProxyServer server, FaultProxy proxy) throws Exception {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                limits: {memory: 128MB}
                stores:
                  lake:
                    s3:
                      endpoint: '%s'
                      credentials: {accessKeyId: %s, secretAccessKey: %s}
                streams:
                  notes:
                    buffer: {size: 1MB, interval: 0s, lowLatency: true}
                    partitioning: {query: '{digit: .digit}'}
                    format: {raw: {delimiter: lines}}
                    destination:
                      bucket: lake
                      prefix: 'notes/!{partitionKeyFromQuery:digit}/'
                      errorPrefix: errors/
                """
                        .formatted(
                                proxy.endpoint(), server.accessKeyId(), server.secretAccessKey()));
    }

    private static List<String> lines(int from, int end) {
        return IntStream.range(from, end)
                .mapToObj(
                        i -> "{\"note\":\"%04d\",\"digit\":\"%02d\"}".formatted(i, i % PARTITIONS))
                .toList();
    }

    private static List<String> landed(S3Bucket lake) {
        return lake.objects().values().stream()
                .flatMap(bytes -> new String(bytes, StandardCharsets.UTF_8).lines())
                .sorted()
                .toList();
    }

    @Test
    void what_a_portal_answers_in_the_stores_place_is_told_and_costs_no_record() throws Exception {
        try (S3ProxyServer server = S3ProxyServer.start();
                FaultProxy proxy = FaultProxy.start(server.endpoint(), plan);
                S3Bucket lake = S3Bucket.create(server, "lake")) {
            Path config = configuration(server, proxy);
            int put = 0;
            try (DaemonProcess daemon = Daemons.start(config)) {
                Notes.put(daemon, "notes", lines(put, put += 100));
                daemon.flush("notes");

                portal.set(true);
                long begun = System.nanoTime();
                while (System.nanoTime() - begun < PORTAL.toNanos()) {
                    Notes.put(daemon, "notes", lines(put, put += 100));
                    await().pollDelay(Duration.ofMillis(300)).until(() -> true);
                }
                JsonNode troubles = daemon.status("notes").path("troubles");
                portal.set(false);

                assertThat(troubles.toString())
                        .contains("omething in front of the store has answered")
                        .doesNotContain("not ours");
                assertThat(proxy.counts().get(Fault.PORTAL)).isPositive();
                daemon.flush("notes");
                assertThat(daemon.status("notes").path("healthy").asBoolean()).isTrue();
            }
            assertThat(landed(lake)).isEqualTo(lines(0, put));
            ProgramRun verified =
                    ProgramRun.of(Map.of(), "verify", "--read", "-c", config.toString());
            assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        }
    }

    /** The next process looks before it sends, and is answered by the portal first. */
    @Test
    void a_start_behind_a_portal_accuses_nobody() throws Exception {
        try (S3ProxyServer server = S3ProxyServer.start();
                FaultProxy proxy = FaultProxy.start(server.endpoint(), plan);
                S3Bucket lake = S3Bucket.create(server, "lake")) {
            Path config = configuration(server, proxy);
            portal.set(true);
            try (DaemonProcess daemon = Daemons.start(config)) {
                Notes.put(daemon, "notes", lines(0, 100));
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> !daemon.status("notes").path("healthy").asBoolean());
                daemon.kill();
            }
            try (DaemonProcess daemon = Daemons.start(config)) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> !daemon.status("notes").path("healthy").asBoolean());
                assertThat(daemon.status("notes").path("troubles").toString())
                        .contains("not known whether it is there")
                        .contains("omething in front of the store has answered");
                portal.set(false);
                daemon.flush("notes");
            }
            assertThat(landed(lake)).isEqualTo(lines(0, 100));
        }
    }
}
