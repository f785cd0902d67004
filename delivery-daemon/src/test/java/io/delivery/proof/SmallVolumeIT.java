package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.api.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real program on a real volume of 96 MiB, with the default limit of 10 GB. The volume is a
 * tmpfs in a mount namespace of its own, so that no right to mount is needed.
 */
class SmallVolumeIT {
    private static final String PADDING = "x".repeat(400_000);

    @TempDir private Path folder;

    /** Holds the namespace, and with it the volume. */
    private Process holder;

    private Path volume;

    @BeforeEach
    void mount() throws Exception {
        Path mounted = Files.createDirectory(folder.resolve("volume"));
        try {
            holder =
                    new ProcessBuilder(
                                    "unshare",
                                    "--user",
                                    "--map-root-user",
                                    "--mount",
                                    "sh",
                                    "-c",
                                    "mount -t tmpfs -o size=96m volume \"$0\" && echo mounted && exec cat",
                                    mounted.toString())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException noSuchProgram) {
            assumeTrue(false, "no small volume: " + noSuchProgram.getMessage());
        }
        String answer = holder.inputReader().readLine();
        assumeTrue("mounted".equals(answer), () -> "no small volume: " + answer);
        volume = Path.of("/proc/" + holder.pid() + "/root" + mounted.toAbsolutePath());
        assumeTrue(
                volume.toFile().getTotalSpace() < 100 << 20,
                "no small volume: its namespace cannot be reached");
    }

    @AfterEach
    void unmount() throws Exception {
        if (holder != null) {
            holder.outputWriter().close(); // the end of its input
            assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void full_killed_and_started_again_it_drains_when_the_store_is_back() throws Exception {
        Path refusing = folder.resolve("lake").resolve("events");
        Files.createDirectories(refusing.getParent());
        int accepted;
        try (DaemonProcess daemon = Daemons.start(config())) {
            assertThat(daemon.log()).contains("limits.disk is larger than its volume");
            Files.createFile(refusing); // a file, where the bucket's directory is to be
            accepted = fill(daemon, 0);
            assertThat(accepted).isGreaterThan(80);
            daemon.kill();
        }
        List<Path> filling = takeTheRest();

        try (DaemonProcess daemon = Daemons.start(config())) {
            accepted = fill(daemon, accepted);
            daemon.kill();
        }
        Files.delete(refusing);

        try (DaemonProcess daemon = Daemons.start(config())) {
            daemon.flush("events");
            assertThat(daemon.books("events", 0).path("balanced").asBoolean()).isTrue();
        }
        assertThat(filling).as("nobody gave it room").allMatch(Files::exists);
        assertThat(Notes.landed(refusing)).isEqualTo(lines(0, accepted));
    }

    private static List<String> lines(int from, int end) {
        List<String> lines = new ArrayList<>();
        for (int i = from; i < end; i++) {
            lines.add("%05d %s".formatted(i, PADDING));
        }
        return lines;
    }

    /** Puts until it says that it is full; how many have been accepted then. */
    private static int fill(DaemonProcess daemon, int from) throws Exception {
        for (int accepted = from; ; accepted += 4) {
            try {
                Notes.put(daemon, "events", lines(accepted, accepted + 4));
            } catch (ApiException full) {
                assertThat(full.status()).isEqualTo(503);
                return accepted;
            }
        }
    }

    /** Somebody else fills what is left, to the last block. */
    private List<Path> takeTheRest() throws IOException {
        List<Path> files = new ArrayList<>();
        for (int size = 1 << 20; size >= 4096; size /= 2) {
            while (volume.toFile().getUsableSpace() >= size) {
                Path file = volume.resolve("others-" + files.size());
                Files.write(file, new byte[size]);
                files.add(file);
            }
        }
        return files;
    }

    private Path config() throws IOException {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                dataDir: %s
                server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                limits: {memory: 128MB}
                stores: {local: {directory: lake}}
                streams:
                  events:
                    buffer: {size: 5MB, interval: 900s}
                    format: {raw: {delimiter: lines}}
                    destination: {bucket: events}
                """
                        .formatted(volume.resolve("data")));
    }
}
