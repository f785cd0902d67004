package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.api.http.FirehoseClient;
import io.delivery.lane.Books;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.SystemClock;
import io.delivery.stream.StreamStatus;
import io.delivery.testkit.servers.Tools;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start on a disk that has no room for what functions with processes start with. */
class FunctionWithoutRoomTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(90);

    private static final String WITH_FUNCTION =
            """
            functions:
              echo: {runtime: python, code: code, handler: index.handler}
            streams:
              plain:
                buffer: {size: 1MB, interval: 0s, lowLatency: true}
                destination: {bucket: plain}
              enriched:
                buffer: {size: 1MB, interval: 0s, lowLatency: true}
                processors: [{lambda: {function: echo, buffer: {interval: 0s}}}]
                destination: {bucket: enriched}
            """;

    private static final String WITHOUT_FUNCTION =
            """
            streams:
              plain:
                buffer: {size: 1MB, interval: 0s, lowLatency: true}
                destination: {bucket: plain}
            """;

    @TempDir private Path folder;
    private Path functions;
    private volatile long roomForFunctions = Long.MAX_VALUE;

    @BeforeEach
    void writeCode() throws Exception {
        Optional<String> missing = Tools.missingProgram("python3");
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        functions = folder.resolve("data/functions");
        Files.createDirectories(folder.resolve("code"));
        Files.writeString(
                folder.resolve("code/index.py"),
                """
                def handler(event, context):
                    return {"records": [dict(r, result="Ok") for r in event["records"]]}
                """);
    }

    /** Says of the folder of functions how much room there is. */
    private final class Volume extends ForwardingDisk {
        Volume(Disk real) {
            super(real);
        }

        @Override
        DiskFile written(Path path, DiskFile file) {
            return file;
        }

        @Override
        public OptionalLong usableBytes(Path directory) throws IOException {
            return directory.endsWith("functions")
                    ? OptionalLong.of(roomForFunctions)
                    : super.usableBytes(directory);
        }
    }

    private Service start(String streams) throws Exception {
        Path config =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {api: 127.0.0.1:0, admin: 127.0.0.1:0}
                        dataDir: data
                        limits: {memory: 128MB}
                        stores: {lake: {directory: lake}}
                        """
                                + streams);
        LoadedConfig loaded = new ConfigLoader(Map.of(), Programs.OURS).load(config);
        return Service.start(
                loaded,
                stream -> ConfigFile.madeThroughTheApi(stream, loaded),
                new Intervention() {
                    @Override
                    public World world(World real) {
                        return new World(
                                real.clock(),
                                new Volume(real.disk()),
                                real.scheduler(),
                                real.entropy());
                    }
                });
    }

    private static void put(Service service, String stream) throws Exception {
        new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                .putRecordBatch(stream, List.of(new byte[] {'a'}));
    }

    private static StreamStatus status(Service service, String stream) {
        return service.status().stream().filter(s -> s.name().equals(stream)).findFirst().get();
    }

    private static Books books(Service service, String stream) {
        return status(service, stream).lanes().get(0).books();
    }

    private static void plainLands(Service service) throws Exception {
        put(service, "plain");
        await().atMost(LONG_ENOUGH).until(() -> books(service, "plain").landed() == 1);
        assertThat(status(service, "plain").troubles()).isEmpty();
    }

    private static void enrichedWaits(Service service, String reason) throws Exception {
        put(service, "enriched");
        await().atMost(LONG_ENOUGH)
                .untilAsserted(
                        () ->
                                assertThat(status(service, "enriched").troubles())
                                        .anySatisfy(
                                                trouble ->
                                                        assertThat(trouble)
                                                                .contains(
                                                                        "function echo", reason)));
        assertThat(books(service, "enriched").errorOutput()).isZero();
    }

    private static void enrichedLands(Service service) {
        await().atMost(LONG_ENOUGH).until(() -> books(service, "enriched").landed() == 1);
        assertThat(books(service, "enriched").errorOutput()).isZero();
        await().atMost(LONG_ENOUGH).until(() -> status(service, "enriched").troubles().isEmpty());
    }

    @Test
    void without_room_for_its_code_a_function_is_the_trouble_of_its_own_streams() throws Exception {
        roomForFunctions = 100_000;

        try (Service service = start(WITH_FUNCTION)) {
            plainLands(service);
            enrichedWaits(service, "no room for the function's code");
            roomForFunctions = Long.MAX_VALUE;
            enrichedLands(service);
        }
    }

    /** A file in the place of the folder: nothing can be written there, as on a full disk. */
    @Test
    void so_it_is_when_not_even_its_folder_can_be_made() throws Exception {
        start(WITHOUT_FUNCTION).close();
        Files.createFile(functions);

        try (Service service = start(WITH_FUNCTION)) {
            plainLands(service);
            enrichedWaits(service, "could not be started");
            Files.delete(functions);
            enrichedLands(service);
        }
    }

    @Test
    void where_no_function_is_configured_any_more_leftovers_go_and_nothing_comes()
            throws Exception {
        start(WITHOUT_FUNCTION).close();
        Files.createDirectories(functions.resolve("code/old"));
        Files.writeString(functions.resolve("code/old/index.py"), "old");

        try (Service service = start(WITHOUT_FUNCTION)) {
            try (Stream<Path> left = Files.list(functions)) {
                assertThat(left).isEmpty();
            }
            plainLands(service);
        }
    }
}
