package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.api.http.FirehoseClient;
import io.delivery.landing.ObjectStore;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
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
        return start(port, shutdown, Intervention.NONE);
    }

    private Service start(int port, String shutdown, Intervention intervention) throws Exception {
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
        LoadedConfig loaded = new ConfigLoader(Map.of(), Programs.OURS).load(config);
        return Service.start(
                loaded,
                stream -> {
                    throw new IllegalStateException("nothing is left of " + stream.name());
                },
                intervention);
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

    @Test
    void an_error_leaves_the_data_directory_to_the_next_start() {
        Intervention defect =
                new Intervention() {
                    @Override
                    public ObjectStore store(ObjectStore real) {
                        throw new NoClassDefFoundError("of/a/Client");
                    }
                };
        assertThatThrownBy(() -> start(0, "land: true", defect))
                .isInstanceOf(NoClassDefFoundError.class);

        assertThatNoException().isThrownBy(() -> start(0, "land: true").close());
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
