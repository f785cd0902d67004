package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.api.http.FirehoseClient;
import io.delivery.loading.ConfigLoader;
import io.delivery.machine.SystemClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start leaves alone that does not come about. */
class FailedStartTest {
    @TempDir private Path folder;

    private Service start(int port, String shutdown) throws Exception {
        Path config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {api: 127.0.0.1:%d, admin: 127.0.0.1:0, shutdown: {%s}}
                        dataDir: data
                        limits: {memory: 128MB}
                        stores: {lake: {directory: lake}}
                        streams:
                          notes: {buffer: {size: 5MB, interval: 900s}, destination: {bucket: b}}
                        """
                                .formatted(port, shutdown));
        return Service.start(new ConfigLoader(Map.of(), Programs.OURS).load(config));
    }

    @Test
    void the_open_range_stays_open_and_nobody_waits_until_it_has_landed() throws Exception {
        try (Service before = start(0, "land: false")) {
            new FirehoseClient(before.apiUri(), Optional.empty(), new SystemClock())
                    .putRecordBatch("notes", List.of(new byte[] {'a'}));
        }

        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(taken.getLocalPort(), "land: true"))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("cannot be bound");
        }

        assertThat(objects()).isEmpty();
        start(0, "land: true").close();
        assertThat(objects()).hasSize(1);
    }

    private List<Path> objects() throws IOException {
        Path bucket = folder.resolve("lake/b");
        if (!Files.exists(bucket)) {
            return List.of();
        }
        try (var all = Files.walk(bucket)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
