package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.wiring.ClassArchive;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How the program ends, and why it does not start: exit codes and what is left behind. */
@Execution(ExecutionMode.CONCURRENT)
class ShutdownIT {
    @TempDir private Path folder;

    // --- SIGTERM ---

    @Test
    void sigterm_lands_open_buffers_and_is_a_success() throws Exception {
        try (DaemonProcess daemon = Daemons.start(config("shutdown: {land: true}"))) {
            Notes.put(daemon, "notes", Notes.lines(0, 100));
            assertThat(Notes.landed(bucket("notes"))).isEmpty();
            assertThat(Notes.landed(bucket("raw"))).isEmpty();

            assertThat(folder.resolve("data/addresses.json"))
                    .content()
                    .contains(daemon.api().toString(), daemon.admin().toString());

            daemon.terminate();

            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
            assertThat(daemon.log()).contains("stopping", "stopped");
            assertThat(folder.resolve("data/addresses.json")).doesNotExist();
        }
        assertThat(Notes.landed(bucket("notes"))).isEqualTo(Notes.lines(0, 100));
        assertThat(Notes.landed(bucket("raw"))).isEqualTo(Notes.lines(0, 100));
    }

    @Test
    void sigterm_lands_open_buffers_even_while_a_request_is_still_being_sent() throws Exception {
        try (DaemonProcess daemon = Daemons.start(config("shutdown: {land: true}"));
                Socket slow = new Socket(daemon.api().getHost(), daemon.api().getPort())) {
            Notes.put(daemon, "notes", Notes.lines(0, 100));
            String head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{";
            slow.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            slow.getOutputStream().flush();

            daemon.terminate();

            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
            assertThat(daemon.log()).contains("stopping", "stopped");
        }
        assertThat(Notes.landed(bucket("notes"))).isEqualTo(Notes.lines(0, 100));
        assertThat(Notes.landed(bucket("raw"))).isEqualTo(Notes.lines(0, 100));
    }

    @Test
    void what_sigterm_keeps_in_the_journal_lands_once_after_the_next_start() throws Exception {
        Path config = config("shutdown: {land: false}");
        try (DaemonProcess daemon = Daemons.start(config)) {
            Notes.put(daemon, "notes", Notes.lines(0, 100));
            daemon.terminate();
            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
            assertThat(daemon.log())
                    .contains("kept for the next start: stream=notes lane=main-1 records=100");
        }
        assertThat(Notes.landed(bucket("notes"))).isEmpty();
        assertThat(Notes.landed(bucket("raw"))).isEmpty();

        try (DaemonProcess daemon = Daemons.start(config)) {
            Notes.put(daemon, "notes", Notes.lines(100, 150));
            daemon.flush("notes");
            assertThat(daemon.books("notes", 0).path("accepted").asInt()).isEqualTo(150);
            daemon.terminate();
            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
        }
        assertThat(Notes.landed(bucket("notes"))).isEqualTo(Notes.lines(0, 150));
        assertThat(Notes.landed(bucket("raw"))).isEqualTo(Notes.lines(0, 150));
    }

    @Test
    void sigterm_with_500_open_partitions_keeps_to_its_grace_of_10_s_and_loses_nothing()
            throws Exception {
        Path config = config("shutdown: {land: true, grace: 10s}");
        Files.writeString(
                config,
                """
                  keyed:
                    buffer: {size: 64MB, interval: 900s}
                    partitioning: {query: '{k: .k}'}
                    format: {raw: {delimiter: lines}}
                    destination:
                      bucket: keyed
                      prefix: k=!{partitionKeyFromQuery:k}/
                      errorPrefix: errors/!{firehose:error-output-type}/
                """,
                StandardOpenOption.APPEND);
        List<String> records =
                IntStream.range(0, 500).mapToObj("{\"k\":\"%03d\"}"::formatted).toList();
        long took;
        try (DaemonProcess daemon = Daemons.start(config)) {
            Notes.put(daemon, "keyed", records);
            await().atMost(Duration.ofMinutes(1))
                    .until(
                            () -> daemon.status("keyed").at("/lanes/0/activePartitions").asInt(),
                            open -> open == 500);
            long begun = System.nanoTime();
            daemon.terminate();
            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
            took = System.nanoTime() - begun;
        }
        // Its grace, and what a JVM needs to end beside other work.
        assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofSeconds(15));

        // What a slow disk left over lands once more, and nothing twice.
        try (DaemonProcess daemon = Daemons.start(config)) {
            daemon.flush("keyed");
        }
        assertThat(Notes.landed(bucket("keyed"))).isEqualTo(records);
        try (Stream<Path> keys = Files.list(folder.resolve("lake/keyed"))) {
            assertThat(keys).hasSize(500);
        }
    }

    @Test
    void a_sigterm_that_is_sent_twice_is_one() throws Exception {
        try (DaemonProcess daemon = Daemons.start(config("shutdown: {land: true}"))) {
            Notes.put(daemon, "notes", Notes.lines(0, 100));

            daemon.terminate();
            daemon.terminate();

            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
        }
        assertThat(Notes.landed(bucket("notes"))).isEqualTo(Notes.lines(0, 100));
    }

    @Test
    void sigterm_while_it_starts_is_a_success_as_well() throws Exception {
        Path config = config("");
        try (DaemonProcess daemon = Daemons.launch(config)) {
            daemon.awaitLog("memory divided");
            daemon.terminate();
            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
        }

        try (DaemonProcess daemon = Daemons.start(config)) {
            Notes.put(daemon, "notes", Notes.lines(0, 1));
        }
    }

    @Test
    void a_store_that_is_away_does_not_hold_sigterm_for_longer_than_the_grace() throws Exception {
        Path config = config("shutdown: {land: true, grace: 1s}");
        Path inTheWay = folder.resolve("lake");
        Files.writeString(inTheWay, "no directory");
        try (DaemonProcess daemon = Daemons.start(config)) {
            Notes.put(daemon, "notes", Notes.lines(0, 10));
            daemon.terminate();
            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
        }

        Files.delete(inTheWay);
        try (DaemonProcess daemon = Daemons.start(config)) {
            daemon.flush("notes");
        }
        assertThat(Notes.landed(bucket("notes"))).isEqualTo(Notes.lines(0, 10));
        assertThat(Notes.landed(bucket("raw"))).isEqualTo(Notes.lines(0, 10));
    }

    @Test
    void a_second_sigterm_ends_the_wait_for_a_store_that_is_away() throws Exception {
        Path config = config("shutdown: {land: true, grace: 10m}");
        Path inTheWay = folder.resolve("lake");
        Files.writeString(inTheWay, "no directory");
        try (DaemonProcess daemon = Daemons.start(config)) {
            Notes.put(daemon, "notes", Notes.lines(0, 10));
            daemon.terminate();
            daemon.awaitLog("waiting for what is still to land");
            assertThat(daemon.log()).contains("stream=notes lane=main-1 records=10");

            daemon.terminate();

            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
            assertThat(daemon.log())
                    .contains("stopping at once", "kept for the next start: stream=notes");
            assertThat(folder.resolve("data/addresses.json")).doesNotExist();
        }

        Files.delete(inTheWay);
        try (DaemonProcess daemon = Daemons.start(config)) {
            daemon.flush("notes");
        }
        assertThat(Notes.landed(bucket("notes"))).isEqualTo(Notes.lines(0, 10));
        assertThat(Notes.landed(bucket("raw"))).isEqualTo(Notes.lines(0, 10));
    }

    /** Under nohup for example: what is started here would ignore it as well. */
    private static boolean hangUpIsIgnored() throws Exception {
        return new ProcessBuilder("sh", "-c", "kill -HUP $$; exit 0").start().waitFor() == 0;
    }

    /** The program, which SIGHUP reaches whoever started the tests. */
    private static DaemonCommand reachedByHangUp() throws Exception {
        return hangUpIsIgnored()
                ? ClassArchive.program().startedBy("env", "--default-signal=HUP")
                : ClassArchive.program();
    }

    private static void hangUp(DaemonProcess daemon) throws Exception {
        Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(daemon.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    @Test
    void sighup_has_the_configuration_read_again_and_ends_nothing() throws Exception {
        Path config = config("");
        try (DaemonProcess daemon = DaemonProcess.start(reachedByHangUp(), config)) {
            assertThat(daemon.log()).doesNotContain("SIGHUP is ignored");
            String before = Files.readString(config);

            Files.writeString(config, before.replace("streams:", "streams: {{"));
            hangUp(daemon);
            daemon.awaitLog(
                    "SIGHUP: configuration refused, nothing has been changed: error=" + config);

            Files.writeString(config, before.replace("streams:", "log: {level: debug}\nstreams:"));
            hangUp(daemon);
            daemon.awaitLog("nothing has been changed: error=log: has changed");

            Files.writeString(
                    config,
                    before
                            + "  more: {format: {raw: {delimiter: lines}}, destination: {bucket: notes, prefix: more/}}\n");
            hangUp(daemon);
            daemon.awaitLog("SIGHUP: configuration in force: streams=");
            Notes.put(daemon, "more", Notes.lines(10, 20));
            daemon.flush("more");
            assertThat(Notes.landed(bucket("notes"))).isEqualTo(Notes.lines(10, 20));

            Files.writeString(config, before);
            hangUp(daemon);
            daemon.awaitLog("drained: stream=more");
            Notes.put(daemon, "notes", Notes.lines(0, 10));
            daemon.terminate();
            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
        }
        assertThat(Notes.landed(bucket("notes"))).isEqualTo(Notes.lines(0, 20));
    }

    @Test
    void sighup_while_the_service_starts_ends_nothing_and_counts_when_it_has_started()
            throws Exception {
        try (ServerSocket catalog = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            catalog.setSoTimeout(60_000);
            Path config = config("");
            Files.writeString(
                    config,
                    Files.readString(config)
                            .replace(
                                    "streams:",
                                    """
                                    catalogs: {main: {glue: {endpoint: 'http://127.0.0.1:%d', region: eu-central-1, credentials: {accessKeyId: ak, secretAccessKey: secret}}}}
                                    streams:
                                      rows: {format: {parquet: {}, schema: {table: shop.orders}}, destination: {bucket: rows, errorPrefix: errors/}}"""
                                            .formatted(catalog.getLocalPort())));
            try (DaemonProcess daemon = DaemonProcess.launch(reachedByHangUp(), config)) {
                try (Socket asked = catalog.accept()) { // the start waits for its answer
                    assertThat(asked.getInputStream().read()).as("a request").isPositive();
                    hangUp(daemon);
                }
                catalog.close();

                daemon.awaitLog("SIGHUP: configuration in force: streams=");
                assertThat(daemon.log())
                        .containsSubsequence(
                                "started: api=",
                                "SIGHUP: it came while the service started",
                                "SIGHUP: configuration in force");
                daemon.terminate();
                assertThat(daemon.exitCode()).as(daemon.log()).isZero();
            }
        }
    }

    @Test
    void a_start_tells_that_whoever_started_it_has_it_ignore_sighup() throws Exception {
        DaemonCommand ignoring =
                ClassArchive.program().startedBy("sh", "-c", "trap '' HUP; exec \"$0\" \"$@\"");
        try (DaemonProcess daemon = DaemonProcess.start(ignoring, config(""))) {
            assertThat(daemon.log()).containsOnlyOnce("SIGHUP is ignored");
            hangUp(daemon);
            Notes.put(daemon, "notes", Notes.lines(0, 10));
            daemon.terminate();
            assertThat(daemon.exitCode()).as(daemon.log()).isZero();
            assertThat(daemon.log()).doesNotContain("SIGHUP: ");
        }
    }

    // --- why it does not start ---

    @Test
    void a_second_daemon_on_the_same_data_is_told_who_has_it() throws Exception {
        Path config = config("");
        try (DaemonProcess owner = Daemons.start(config);
                DaemonProcess second = Daemons.launch(config)) {
            assertThat(second.exitCode()).isEqualTo(4);
            assertThat(second.log()).contains("in use", "pid " + owner.pid(), "data");

            Notes.put(owner, "notes", Notes.lines(0, 1));
        }
    }

    @Test
    void the_data_of_a_killed_daemon_is_free_at_once() throws Exception {
        Path config = config("");
        try (DaemonProcess killed = Daemons.start(config)) {
            killed.kill();
        }

        try (DaemonProcess next = Daemons.start(config)) {
            Notes.put(next, "notes", Notes.lines(0, 1));
        }
    }

    @Test
    void a_port_in_use_is_named() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Path config = config("");
            Files.writeString(
                    config,
                    Files.readString(config).replace("api: 127.0.0.1:0", "api: " + address));

            try (DaemonProcess daemon = Daemons.launch(config)) {
                assertThat(daemon.exitCode()).isEqualTo(5);
                assertThat(daemon.log()).contains("server.api", address, "cannot be bound");
            }
        }
    }

    @Test
    void every_problem_of_a_configuration_is_told_at_once() throws Exception {
        Path config = config("");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("size: 5MB", "size: 500MB")
                        .replace("interval: 900s", "interval: 59")
                        .replace("backup:", "bakup:"));

        try (DaemonProcess daemon = Daemons.launch(config)) {
            assertThat(daemon.exitCode()).isEqualTo(3);
            assertThat(daemon.log().lines().toList())
                    .hasSize(3)
                    .allMatch(line -> line.contains("delivery.yaml:"))
                    .anyMatch(line -> line.contains("buffer.size") && line.contains("500 MB"))
                    .anyMatch(line -> line.contains("buffer.interval") && line.contains("59"))
                    .anyMatch(line -> line.contains("bakup") && line.contains("backup?"));
        }
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void a_missing_configuration_is_named() throws Exception {
        try (DaemonProcess daemon = Daemons.launch(folder.resolve("nowhere.yaml"))) {
            assertThat(daemon.exitCode()).isEqualTo(3);
            assertThat(daemon.log()).contains("nowhere.yaml");
        }
    }

    @Test
    void a_data_directory_that_cannot_be_written_is_named() throws Exception {
        // Nobody, not even root, can make a directory where a file is, or write a file there.
        Path config = config("");
        Files.writeString(folder.resolve("data"), "a file in the way");
        try (DaemonProcess daemon = Daemons.launch(config)) {
            assertThat(daemon.exitCode()).isEqualTo(4);
            assertThat(daemon.log()).contains("data", "is a file, and dataDir must be a directory");
        }

        Files.delete(folder.resolve("data"));
        Files.createDirectories(folder.resolve("data").resolve("lock"));
        try (DaemonProcess daemon = Daemons.launch(config)) {
            assertThat(daemon.exitCode()).isEqualTo(4);
            assertThat(daemon.log()).contains("cannot be used as data directory");
        }
    }

    @Test
    void data_of_a_newer_program_is_left_alone() throws Exception {
        Path config = config("");
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data").resolve("FORMAT"), "delivery data 999\n");

        try (DaemonProcess daemon = Daemons.launch(config)) {
            assertThat(daemon.exitCode()).isEqualTo(4);
            assertThat(daemon.log()).contains("delivery data 999", "newer");
        }
    }

    @Test
    void a_memory_limit_that_the_heap_cannot_hold_names_both() throws Exception {
        Path config = config("");
        Files.writeString(
                config, Files.readString(config).replace("memory: 128MB", "memory: 300MB"));

        try (DaemonProcess daemon = Daemons.launch(config, "-Xmx400m")) {
            assertThat(daemon.exitCode()).isEqualTo(3);
            assertThat(daemon.log()).contains("limits.memory", "300 MB", "60 %", "-Xmx");
        }
    }

    // --- what is put and found ---

    private Path config(String server) throws IOException {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: data
                server:
                  api: 127.0.0.1:0
                  admin: 127.0.0.1:0
                  %s
                limits: {memory: 128MB}
                stores: {local: {directory: lake}}
                streams:
                  notes:
                    buffer: {size: 5MB, interval: 900s}
                    format: {raw: {delimiter: lines}}
                    destination: {bucket: notes}
                    backup: {bucket: raw, delimiter: lines}
                """
                        .formatted(server));
    }

    private Path bucket(String name) {
        return folder.resolve("lake").resolve(name);
    }
}
