package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.delivery.api.http.FirehoseClient;
import io.delivery.loading.ConfigLoader;
import io.delivery.machine.SystemClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records in the data directory are for the user of the service; the lake is for its readers. */
class OwnersOnlyTest {
    @TempDir private Path folder;

    @BeforeEach
    void permissions() {
        assumeThat(folder.getFileSystem().supportedFileAttributeViews())
                .as("permissions of this file system")
                .contains("posix");
    }

    @Test
    void what_a_service_writes_into_its_data_directory_is_readable_by_its_user_only()
            throws Exception {
        Path asUsual = Files.createDirectory(folder.resolve("usual"));
        Path usualFile = Files.createFile(folder.resolve("usual/file"));

        try (Service service = start("deep/data")) {
            put(service);

            List<Path> inside = below(folder.resolve("deep/data"));
            assertThat(inside)
                    .hasSizeGreaterThan(8)
                    .anyMatch(path -> path.endsWith("addresses.json"))
                    .anyMatch(path -> path.endsWith("FORMAT"))
                    .anyMatch(path -> path.endsWith("lock"))
                    .anyMatch(path -> path.toString().contains("journal/"))
                    .allSatisfy(
                            path ->
                                    assertThat(mode(path))
                                            .as(path.toString())
                                            .isEqualTo(
                                                    Files.isDirectory(path)
                                                            ? "rwx------"
                                                            : "rw-------"));
        }
        assertThat(mode(folder.resolve("deep"))).isEqualTo(mode(asUsual));
        assertThat(below(folder.resolve("lake/b")))
                .isNotEmpty()
                .allSatisfy(
                        path ->
                                assertThat(mode(path))
                                        .isEqualTo(
                                                mode(
                                                        Files.isDirectory(path)
                                                                ? asUsual
                                                                : usualFile)));
    }

    /** Also what processes of functions start with: they belong to the same user. */
    @Test
    void what_functions_run_on_is_readable_by_its_user_only() throws Exception {
        Files.createDirectories(folder.resolve("code/inner"));
        Files.writeString(
                folder.resolve("code/index.py"),
                "def handler(event, context):\n    return event\n");
        Files.writeString(folder.resolve("code/inner/table"), "1");
        Files.createDirectories(folder.resolve("java"));
        Files.writeString(folder.resolve("java/Handler.class"), "no class");

        try (Service service = start("data", FUNCTIONS)) {
            Path runtime = folder.resolve("data/functions/runtime");
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    assertThat(below(folder.resolve("data/functions")))
                                            .contains(
                                                    runtime.resolve("supervise.sh"),
                                                    runtime.resolve("java/lib/annotations.jar"))
                                            .anyMatch(path -> path.endsWith("inner/table"))
                                            .anyMatch(path -> path.getParent().endsWith("tmp")));
            assertThat(service.status()).hasSize(2);
            for (Path path : below(folder.resolve("data/functions"))) {
                if (path.toString().contains("__pycache__")) {
                    continue; // Python has made it, in a folder of ours
                }
                try {
                    assertThat(mode(path)).as(path.toString()).endsWith("------");
                } catch (NoSuchFileException gone) {
                    assertThat(path.toString()).as("a process ended").contains("/tmp");
                }
            }
        }
    }

    @Test
    void a_data_directory_that_others_could_read_is_closed_to_them() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

        start("data").close();

        assertThat(mode(data)).isEqualTo("rwx------");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.toList();
        }
    }

    private static void put(Service service) throws Exception {
        new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                .putRecordBatch("notes", List.of(new byte[] {'a'}));
        service.flush();
        org.awaitility.Awaitility.await()
                .until(() -> service.status().get(0).lanes().get(0).books().landed() == 1);
    }

    private static final String FUNCTIONS =
            """
            functions:
              python: {runtime: python, code: code, handler: index.handler}
              java: {runtime: java, code: java, handler: Handler}
            streams:
              one: {processors: [{lambda: {function: python}}], destination: {bucket: b}}
              two: {processors: [{lambda: {function: java}}], destination: {bucket: b}}
            """;

    private Service start(String data) throws Exception {
        return start(
                data,
                """
                streams:
                  notes: {buffer: {size: 5MB, interval: 900s}, destination: {bucket: b}}
                """);
    }

    private Service start(String data, String streams) throws Exception {
        Path config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {api: 127.0.0.1:0, admin: 127.0.0.1:0}
                        dataDir: %s
                        limits: {memory: 128MB}
                        stores: {lake: {directory: lake}}
                        """
                                        .formatted(data)
                                + streams);
        return Service.start(new ConfigLoader(Map.of(), Programs.OURS).load(config));
    }
}
