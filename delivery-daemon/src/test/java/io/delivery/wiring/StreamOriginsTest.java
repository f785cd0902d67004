package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.api.ApiException;
import io.delivery.api.http.FirehoseClient;
import io.delivery.cli.ExitCodes;
import io.delivery.cli.HostResources;
import io.delivery.config.Origin;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LoadedStream;
import io.delivery.loading.LocatedProblem;
import io.delivery.machine.FileDisk;
import io.delivery.machine.SystemClock;
import io.delivery.stream.DefinedStream;
import io.delivery.stream.StreamPhase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Streams of a file and streams that were made while the service ran, in one data directory. */
@Execution(ExecutionMode.CONCURRENT)
class StreamOriginsTest {
    private static final String NOTES = "notes: {destination: {bucket: notes}}";

    @TempDir private Path folder;

    private final ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);
    private final HttpClient http = HttpClient.newHttpClient();

    private LoadedConfig config(String streams) throws Exception {
        return loader.load(
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}}
                        dataDir: data
                        limits: {memory: 128MB}
                        stores: {lake: {directory: lake}}
                        streams: {%s}
                        """
                                .formatted(streams)));
    }

    private Service start(String streams) throws Exception {
        LoadedConfig loaded = config(streams);
        return Service.start(
                loaded,
                kept ->
                        loader.loadStream(
                                kept.name(),
                                kept.document(),
                                folder.resolve("delivery.yaml"),
                                loaded.config()));
    }

    /** As an operation of the API does it. */
    private void create(Service service, String name) throws Exception {
        LoadedStream stream =
                loader.loadStream(
                        name,
                        "destination: {store: lake, bucket: made}",
                        folder.resolve("delivery.yaml"),
                        config("").config());
        service.streams()
                .create(new DefinedStream(stream.definition(), stream.document()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static void put(Service service, String stream) throws Exception {
        new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                .putRecordBatch(stream, List.of(new byte[] {'x'}));
    }

    private HttpResponse<String> admin(Service service, String path) throws Exception {
        URI uri = service.adminUri().resolve(path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private Path home(String stream) throws Exception {
        try (Stream<Path> homes = Files.list(folder.resolve("data/streams"))) {
            return homes.filter(home -> home.getFileName().toString().startsWith(stream + "~"))
                    .findAny()
                    .orElseThrow();
        }
    }

    @Test
    void a_stream_that_was_made_while_the_service_ran_is_there_after_its_restart()
            throws Exception {
        try (Service service = start(NOTES)) {
            create(service, "clicks");
            put(service, "clicks");
        }

        try (Service service = start(NOTES)) {
            assertThat(service.status())
                    .extracting(status -> status.name() + " " + status.origin().word())
                    .containsExactly("clicks api", "notes yaml");
            put(service, "clicks");
            put(service, "notes");
            assertThat(service.status().get(0).lanes().get(0).books().accepted()).isEqualTo(2);
            assertThat(admin(service, "/streams/clicks").body())
                    .contains("\"origin\" : \"api\"", "\"phase\" : \"active\"");
        }
    }

    @Test
    void a_name_that_the_file_and_the_api_define_refuses_the_start_and_names_both()
            throws Exception {
        try (Service service = start(NOTES)) {
            create(service, "clicks");
        }

        assertThatThrownBy(() -> start("clicks: {destination: {bucket: notes}}"))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refused ->
                                assertThat(refused.exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED))
                .hasMessageContaining("stream clicks is configured")
                .hasMessageContaining("made through the API")
                .hasMessageContaining(home("clicks").getFileName().toString());
    }

    @Test
    void check_finds_a_name_that_the_file_and_the_api_define_also_while_the_service_runs()
            throws Exception {
        try (Service service = start(NOTES)) {
            create(service, "clicks");
            assertThat(found("Clicks: {destination: {bucket: notes}}"))
                    .singleElement()
                    .satisfies(
                            problem -> {
                                assertThat(problem.path()).isEqualTo("streams.Clicks");
                                assertThat(problem.message())
                                        .startsWith(
                                                "stream Clicks is configured, and stream clicks was made through the API (")
                                        .contains(home("clicks").getFileName().toString());
                            });
            assertThat(found(NOTES)).isEmpty();
            put(service, "clicks");
        }

        assertThat(found("clicks: {destination: {bucket: notes}}")).hasSize(1);
    }

    private List<LocatedProblem> found(String streams) throws Exception {
        return StartParts.foreseen(config(streams), HostResources.local(new FileDisk()), false)
                .problems();
    }

    @Test
    void a_damaged_stream_is_closed_and_the_others_run() throws Exception {
        try (Service service = start(NOTES)) {
            create(service, "clicks");
            put(service, "clicks");
        }
        Files.delete(home("clicks").resolve("stream.meta"));
        Files.writeString(home("clicks").resolve("stream.meta"), "spoiled");

        try (Service service = start(NOTES)) {
            put(service, "notes");
            assertThatThrownBy(() -> put(service, "clicks"))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            refused -> assertThat(refused.status()).isEqualTo(503));
            HttpResponse<String> ready = admin(service, "/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body()).contains("stream clicks: closed:", "stream.meta is damaged");
            assertThat(ready.body())
                    .contains("\"ready\" : true", "\"healthy\" : false")
                    .contains("stream clicks: producers get 503: the stream cannot be opened.");
            assertThat(admin(service, "/metrics").body())
                    .contains("delivery_stream_healthy{stream=\"clicks\"} 0.0")
                    .contains("delivery_stream_healthy{stream=\"notes\"} 1.0");
            assertThat(service.status().get(0).phase()).isEqualTo(StreamPhase.CLOSED);
        }
    }

    @Test
    void a_service_none_of_whose_streams_can_accept_is_not_ready() throws Exception {
        try (Service service = start(NOTES)) {
            put(service, "notes");
        }
        Files.delete(home("notes").resolve("stream.meta"));

        try (Service service = start(NOTES)) {
            HttpResponse<String> ready = admin(service, "/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("stream notes: closed:", "is missing");
            assertThat(service.status().get(0).origin()).isEqualTo(Origin.YAML);
        }
    }

    @Test
    void a_stream_that_was_made_and_deleted_leaves_nothing_but_its_archive() throws Exception {
        try (Service service = start(NOTES)) {
            create(service, "clicks");
            put(service, "clicks");
            service.flush().get(20, TimeUnit.SECONDS);
            put(service, "clicks");

            service.streams()
                    .delete("clicks")
                    .gone()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);

            assertThat(service.status()).extracting(s -> s.name()).containsExactly("notes");
            assertThat(admin(service, "/metrics").body())
                    .doesNotContain("\"clicks\"")
                    .contains("delivery_discarded_records_total{stream=\"\"} 1.0");
            try (Stream<Path> homes = Files.list(folder.resolve("data/streams"))) {
                assertThat(homes).isEmpty();
            }
            try (Stream<Path> archived = Files.walk(folder.resolve("data/archive"))) {
                assertThat(archived.filter(Files::isRegularFile)).hasSize(1);
            }
        }
    }
}
