package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.delivery.api.ApiException;
import io.delivery.wiring.ClassArchive;
import io.delivery.wiring.SickDiskMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program on a disk that stalls, and on one that was remounted read-only. */
class SickDiskIT {
    @TempDir private Path folder;

    private Path signs;

    @BeforeEach
    void makeFolderOfSigns() throws IOException {
        signs = Files.createDirectory(folder.resolve("signs"));
    }

    @Test
    void an_fsync_that_stalls_delays_answers_of_its_stream_only_and_loses_nothing()
            throws Exception {
        try (DaemonProcess daemon = start()) {
            Notes.put(daemon, "slow", Notes.lines(0, 10));
            Path stall = Files.createFile(signs.resolve(SickDiskMain.stalled("slow")));

            CompletableFuture<Void> first = putting(daemon, "slow", 10, 20);
            daemon.awaitLog("stalled: ");
            CompletableFuture<Void> second = putting(daemon, "slow", 20, 30);
            for (int from = 0; from < 100; from += 10) {
                Notes.put(daemon, "brisk", Notes.lines(from, from + 10));
            }
            daemon.flush("brisk");

            assertThat(Notes.landed(bucket("brisk"))).isEqualTo(Notes.lines(0, 100));
            assertThat(daemon.status("slow").path("name").asText()).isEqualTo("slow");
            assertThat(first).as("nothing is acknowledged that is not durable").isNotDone();
            assertThat(second).isNotDone();

            Files.delete(stall);
            CompletableFuture.allOf(first, second).get(30, TimeUnit.SECONDS);
            daemon.flush("slow");
            assertThat(daemon.books("slow", 0).path("accepted").asInt()).isEqualTo(30);
            assertThat(daemon.books("slow", 0).path("balanced").asBoolean()).isTrue();
            daemon.terminate();
            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
        }
        assertThat(Notes.landed(bucket("slow"))).isEqualTo(Notes.lines(0, 30));
    }

    @Test
    void what_an_fsync_that_stalled_until_the_end_had_acknowledged_is_there() throws Exception {
        CompletableFuture<Void> waiting;
        try (DaemonProcess daemon = start()) {
            Notes.put(daemon, "slow", Notes.lines(0, 10));
            Path stall = Files.createFile(signs.resolve(SickDiskMain.stalled("slow")));
            waiting = putting(daemon, "slow", 10, 20);
            daemon.awaitLog("stalled: ");

            daemon.kill();
            Files.delete(stall);
        }
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
                .as("no answer")
                .hasRootCauseInstanceOf(IOException.class);

        try (DaemonProcess daemon = start()) {
            Notes.put(daemon, "slow", Notes.lines(20, 30));
            daemon.flush("slow");
            assertThat(daemon.books("slow", 0).path("balanced").asBoolean()).isTrue();
        }
        List<String> landed = Notes.landed(bucket("slow"));
        assertThat(landed).doesNotHaveDuplicates().containsAll(Notes.lines(0, 10));
        assertThat(landed).containsAll(Notes.lines(20, 30));
        // The call that got no answer: all of its records or none.
        landed.removeAll(Notes.lines(0, 10));
        landed.removeAll(Notes.lines(20, 30));
        assertThat(landed).isIn(List.of(), Notes.lines(10, 20));
    }

    @Test
    void a_disk_that_becomes_read_only_refuses_calls_by_name_and_heals_without_a_hand()
            throws Exception {
        try (DaemonProcess daemon = start()) {
            Notes.put(daemon, "slow", Notes.lines(0, 10));
            Path sign = Files.createFile(signs.resolve(SickDiskMain.READ_ONLY));

            assertThatThrownBy(() -> Notes.put(daemon, "slow", Notes.lines(10, 20)))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            refused -> {
                                assertThat(refused.status()).isEqualTo(503);
                                assertThat(refused.type()).isEqualTo("ServiceUnavailableException");
                            });
            assertThat(daemon.log()).contains("Read-only file system");
            assertThat(daemon.status("slow").path("troubles").toString())
                    .contains("Read-only file system");

            Files.delete(sign);
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(ApiException.class)
                    .untilAsserted(() -> Notes.put(daemon, "slow", Notes.lines(20, 30)));
            daemon.flush("slow");
            assertThat(daemon.books("slow", 0).path("balanced").asBoolean()).isTrue();
            assertThat(daemon.status("slow").path("troubles")).isEmpty();
        }
        List<String> landed = Notes.landed(bucket("slow"));
        assertThat(landed).doesNotHaveDuplicates().containsAll(Notes.lines(0, 10));
        assertThat(landed)
                .containsAll(Notes.lines(20, 30))
                .doesNotContain(Notes.lines(10, 11).get(0));
    }

    // --- what is put and found ---

    private DaemonProcess start() throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        dataDir: data
                        server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                        limits: {memory: 128MB}
                        stores: {local: {directory: lake}}
                        streams:
                          slow:
                            buffer: {size: 5MB, interval: 900s}
                            format: {raw: {delimiter: lines}}
                            destination: {bucket: slow}
                          brisk:
                            buffer: {size: 5MB, interval: 900s}
                            format: {raw: {delimiter: lines}}
                            destination: {bucket: brisk}
                        """);
        return DaemonProcess.start(
                ClassArchive.command(SickDiskMain.class)
                        .withJvmOptions("-D" + SickDiskMain.PROPERTY + "=" + signs),
                config);
    }

    private static CompletableFuture<Void> putting(
            DaemonProcess daemon, String stream, int from, int end) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        Notes.put(daemon, stream, Notes.lines(from, end));
                    } catch (Exception failed) {
                        throw new CompletionException(failed);
                    }
                },
                task -> new Thread(task, "put " + stream).start());
    }

    private Path bucket(String name) {
        return folder.resolve("lake").resolve(name);
    }
}
