package io.delivery.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.wiring.ProgramRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadConfigurationTableTest {
    /** Nobody makes a file here, not even root, whom permissions do not stop. */
    private static final Path NEVER_WRITABLE = Path.of("/sys");

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    @TempDir Path folder;
    private final Deque<AutoCloseable> around = new ArrayDeque<>();

    @AfterEach
    void clear() throws Exception {
        while (!around.isEmpty()) {
            around.pop().close();
        }
    }

    static Stream<BadConfigurationTable.Row> rows() {
        return BadConfigurationTable.ROWS.stream()
                .filter(row -> !row.noticed().equals(BadInput.UNHEALTHY));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void the_program_ends_with_the_exit_code_and_the_message_of_the_table(
            BadConfigurationTable.Row row) throws Exception {
        Path file = folder.resolve("delivery.yaml");
        Path data = dataDirectory(row.surroundings());
        int taken = takenPort();
        if (row.surroundings() != BadConfigurationTable.Surroundings.NO_FILE) {
            Files.writeString(file, row.yaml() + settings(row.surroundings(), data, taken));
        }

        ProgramRun run =
                Assertions.assertTimeoutPreemptively(
                        LONG_ENOUGH, () -> ProgramRun.of(Map.of(), "run", file.toString()));

        String printed =
                run.err()
                        .strip()
                        .replace(data.toString(), "/srv/data")
                        .replace(folder.toString(), "/srv")
                        .replace(":" + taken, ":4573")
                        .replaceAll("\\bpid [0-9]+", "pid 4711")
                        .replaceAll(
                                "heap of [0-9.]+ [MG]B, which is [0-9.]+ [MG]B",
                                "heap of 1 GB, which is 614.4 MB");
        assertThat(printed).isEqualTo(row.message());
        assertThat("exit " + run.exitCode()).isEqualTo(row.code());
    }

    static Stream<BadConfigurationTable.Row> mendable() {
        return BadConfigurationTable.ROWS.stream()
                .filter(row -> row.noticed().equals(BadInput.UNHEALTHY));
    }

    @ParameterizedTest
    @MethodSource("mendable")
    void the_stream_is_unhealthy_until_it_is_mended_and_then_lands(BadConfigurationTable.Row row)
            throws Exception {
        RunningService service = RunningService.start(folder, row.yaml());
        around.push(service);

        service.put("orders", List.of("{}".getBytes(StandardCharsets.UTF_8)));
        service.flushLater("orders");
        await().atMost(LONG_ENOUGH).until(() -> !service.status("orders").healthy());

        assertThat(service.status("orders").troubles())
                .map(this::withoutTimeAndPlace)
                .containsExactly(row.message());
        assertThat(service.books("orders").buffered()).isEqualTo(1);

        mend(row.surroundings());
        service.flush("orders");

        assertThat(service.status("orders").troubles()).isEmpty();
        assertThat(service.books("orders").landed()).isEqualTo(1);
        assertThat(service.keys("b", "")).hasSize(1);
    }

    private String withoutTimeAndPlace(String trouble) {
        return trouble.replace(folder.toString(), "/srv")
                .replaceAll("b/[0-9/]+/orders-1-[-0-9a-f]+", "b/…/orders-1-…");
    }

    private void mend(BadConfigurationTable.Surroundings surroundings) throws IOException {
        if (surroundings == BadConfigurationTable.Surroundings.BUCKET_MISSING) {
            Files.createDirectories(folder.resolve("lake/b"));
        } else {
            table("columns: [{name: id, type: string}]\n");
        }
    }

    private void table(String content) throws IOException {
        Path table = folder.resolve("a/b.yaml");
        Files.createDirectories(table.getParent());
        Files.writeString(table, content);
    }

    private String settings(
            BadConfigurationTable.Surroundings surroundings, Path data, int takenPort) {
        int api = surroundings == BadConfigurationTable.Surroundings.API_PORT_TAKEN ? takenPort : 0;
        int admin =
                surroundings == BadConfigurationTable.Surroundings.ADMIN_PORT_TAKEN ? takenPort : 0;
        return switch (surroundings) {
            case FINE, NO_FILE -> "";
            default ->
                    """
                    server: {api: '127.0.0.1:%d', admin: '127.0.0.1:%d'}
                    dataDir: %s
                    limits: {disk: 1GB, memory: 128MB}
                    log: {level: warn}
                    """
                            .formatted(api, admin, data);
        };
    }

    private Path dataDirectory(BadConfigurationTable.Surroundings surroundings) throws Exception {
        Path data = folder.resolve("data");
        switch (surroundings) {
            case READ_ONLY_DATA_DIRECTORY -> {
                return readOnly(data);
            }
            case DATA_DIRECTORY_IS_FILE -> Files.writeString(data, "");
            case DATA_OF_NEWER_PROGRAM -> {
                Files.createDirectories(data);
                Files.writeString(data.resolve("FORMAT"), "delivery data 9\n");
            }
            case TABLE_WRONG ->
                    table(
                            """
                            columns:
                              - {name: id, type: strin}
                              - {name: n, typ: int}
                            """);
            case SECOND_PROCESS -> around.push(RunningService.start(folder, ""));
            default -> {}
        }
        return data;
    }

    private static Path readOnly(Path data) throws IOException {
        Files.createDirectories(data);
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
        return Files.isWritable(data) ? NEVER_WRITABLE : data;
    }

    private int takenPort() throws IOException {
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        around.push(taken);
        return taken.getLocalPort();
    }
}
