package io.delivery.wiring;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.api.http.FirehoseClient;
import io.delivery.config.Origin;
import io.delivery.home.KeptStream;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.SystemClock;
import io.delivery.stream.DefinedStream;
import io.delivery.stream.StreamChange;
import io.delivery.stream.StreamChange.Kind;
import io.delivery.stream.StreamPhase;
import io.delivery.stream.StreamStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Another configuration for a service that runs. */
@Execution(ExecutionMode.CONCURRENT)
class ServiceReloadTest {
    private static final String NOTES =
            "notes: {format: {raw: {delimiter: newline}}, destination: {store: lake, bucket: notes}}";

    private static final String ROWS =
            "rows: {format: {parquet: {}, schema: {table: db.t}}, destination: {store: lake, bucket: rows, prefix: 'main/', errorPrefix: 'errors/'}}";

    @TempDir private Path folder;

    private final ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);
    private final HttpClient http = HttpClient.newHttpClient();

    private LoadedConfig config(String stores, String streams) throws Exception {
        return config("128MB", stores, "{}", streams);
    }

    private LoadedConfig config(String memory, String stores, String catalogs, String streams)
            throws Exception {
        return file(memory, stores, catalogs, streams).read();
    }

    private ConfigFile file(String memory, String stores, String catalogs, String streams)
            throws IOException {
        return new ConfigFile(
                loader,
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}}
                        dataDir: data
                        limits: {memory: %s}
                        stores: %s
                        catalogs: %s
                        streams: {%s}
                        """
                                .formatted(memory, stores, catalogs, streams)));
    }

    private InForce.KeptDefinitions kept(LoadedConfig context) {
        return new ConfigFile(loader, folder.resolve("delivery.yaml")).kept(context);
    }

    private Service start(LoadedConfig loaded) throws Exception {
        return Service.start(loaded, kept(loaded));
    }

    private List<StreamChange> reload(Service service, LoadedConfig next) throws Exception {
        return begin(service, next).get(20, TimeUnit.SECONDS);
    }

    private CompletableFuture<List<StreamChange>> begin(Service service, LoadedConfig next) {
        return service.reload(next, kept(next)).toCompletableFuture();
    }

    /** As a caller of the API does it, into a bucket of that name. */
    static void create(Service service, String name) {
        try (var client =
                software.amazon.awssdk.services.firehose.FirehoseClient.builder()
                        .endpointOverride(service.apiUri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .build()) {
            client.createDeliveryStream(
                    c ->
                            c.deliveryStreamName(name)
                                    .extendedS3DestinationConfiguration(
                                            d ->
                                                    d.roleARN("arn:aws:iam::000000000000:role/r")
                                                            .bucketARN("arn:aws:s3:::" + name)));
        }
    }

    private static void put(Service service, String stream, String... texts) throws Exception {
        List<FirehoseClient.Entry> answers =
                new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                        .putRecordBatch(
                                stream, Stream.of(texts).map(t -> t.getBytes(UTF_8)).toList());
        assertThat(answers).allMatch(FirehoseClient.Entry::accepted);
    }

    private static void flush(Service service) throws Exception {
        service.flush().get(20, TimeUnit.SECONDS);
    }

    /** Every line of every object below a folder. */
    private List<String> lines(String... folders) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : folders) {
            if (Files.exists(folder.resolve(name))) {
                try (Stream<Path> files = Files.walk(folder.resolve(name))) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        lines.addAll(Files.readAllLines(file));
                    }
                }
            }
        }
        return lines;
    }

    private String metrics(Service service) throws Exception {
        URI uri = service.adminUri().resolve("/metrics");
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    // --- stores ---

    @Test
    void a_store_changes_under_load_and_every_record_lands_once() throws Exception {
        List<String> expected = IntStream.range(0, 200).mapToObj(i -> "line " + i).toList();
        try (Service service = start(config("{lake: {directory: a}}", NOTES))) {
            List<CompletableFuture<Void>> flushes = new ArrayList<>();
            for (int i = 0; i < expected.size(); i++) {
                put(service, "notes", expected.get(i));
                flushes.add(service.flush()); // lands while the settings change
                if (i % 20 == 10) {
                    String next = "{lake: {directory: %s}}".formatted(i % 40 == 10 ? "b" : "a");
                    assertThat(reload(service, config(next, NOTES)))
                            .containsExactly(new StreamChange("notes", Kind.NOTHING, ""));
                }
            }
            CompletableFuture.allOf(flushes.toArray(CompletableFuture[]::new))
                    .get(60, TimeUnit.SECONDS);

            assertThat(lines("a", "b")).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(lines("a")).isNotEmpty();
            assertThat(lines("b")).isNotEmpty();
            assertThat(service.status().get(0).version()).isEqualTo(1);
            assertThat(service.status().get(0).healthy()).isTrue();
            assertThat(metrics(service))
                    .contains("delivery_landed_records_total{stream=\"notes\"} 200.0")
                    .contains("delivery_books_balanced{stream=\"notes\"} 1.0")
                    .contains("delivery_stream_healthy{stream=\"notes\"} 1.0");
        }
    }

    @Test
    void stores_and_streams_come_change_and_go_together() throws Exception {
        try (Service service = start(config("{lake: {directory: a}}", NOTES))) {
            put(service, "notes", "x");
            List<StreamChange> changes =
                    reload(
                            service,
                            config(
                                    "{pond: {directory: p}, sea: {directory: s}}",
                                    """
                                    notes: {destination: {store: pond, bucket: notes}},
                                    clicks: {destination: {store: sea, bucket: clicks}}
                                    """));
            assertThat(changes)
                    .containsExactly(
                            new StreamChange("notes", Kind.NEW_VERSION, ""),
                            new StreamChange("clicks", Kind.OPENED, ""));
            put(service, "notes", "y");
            put(service, "clicks", "z");
            flush(service);

            assertThat(lines("a")).as("recorded under the first definition").containsExactly("x");
            assertThat(lines("p")).containsExactly("y");
            assertThat(lines("s")).containsExactly("z");
            Awaitility.await().until(() -> service.stores().goneAndOpen().isEmpty());
            assertThat(service.stores().store("lake")).isNull();
        }
    }

    @Test
    void a_store_that_is_gone_stays_until_what_was_recorded_for_it_has_landed() throws Exception {
        Files.createDirectories(folder.resolve("a"));
        Path inTheWay = Files.writeString(folder.resolve("a/notes"), "no bucket");
        try (Service service = start(config("{lake: {directory: a}}", NOTES))) {
            put(service, "notes", "x");
            service.flush();
            Awaitility.await().until(() -> !service.status().get(0).troubles().isEmpty());

            reload(
                    service,
                    config(
                            "{pond: {directory: p}}",
                            "notes: {destination: {store: pond, bucket: notes}}"));
            put(service, "notes", "y");
            service.flush();
            Awaitility.await().until(() -> !lines("p").isEmpty());
            assertThat(service.stores().goneAndOpen()).containsExactly("lake");
            assertThat(service.status().get(0).troubles()).anyMatch(t -> t.contains("lake/notes"));

            Files.delete(inTheWay);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> service.stores().goneAndOpen().isEmpty());
            assertThat(lines("a")).containsExactly("x");
            assertThat(lines("p")).containsExactly("y");
            assertThat(service.status().get(0).troubles()).isEmpty();
        }
    }

    @Test
    void a_stream_that_is_gone_drains_into_its_store_that_is_gone_too() throws Exception {
        try (Service service = start(config("{lake: {directory: a}}", NOTES))) {
            put(service, "notes", "x");

            reload(service, config("{pond: {directory: p}}", ""));
            Awaitility.await().until(() -> service.status().isEmpty());

            assertThat(lines("a")).containsExactly("x");
            Awaitility.await().until(() -> service.stores().goneAndOpen().isEmpty());
        }
    }

    // --- refused ---

    private void staysAsItWas(Service service) throws Exception {
        put(service, "notes", "after");
        flush(service);
        assertThat(lines("a")).contains("after");
        assertThat(service.status().get(0).version()).isEqualTo(1);
        assertThat(service.stores().goneAndOpen()).isEmpty();
        assertThat(service.stores().store("pond")).isNull();
        assertThat(folder.resolve("p")).doesNotExist();
    }

    @Test
    void a_section_that_only_a_restart_changes_refuses_everything() throws Exception {
        try (Service service = start(config("{lake: {directory: a}}", NOTES))) {
            LoadedConfig next =
                    config(
                            "256MB",
                            "{pond: {directory: p}}",
                            "{}",
                            "notes: {destination: {store: pond, bucket: notes}}");

            assertThatThrownBy(() -> begin(service, next).get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("limits: has changed, and only a restart changes it");

            staysAsItWas(service);
        }
    }

    @Test
    void a_stream_of_the_api_refuses_a_configuration_without_its_store() throws Exception {
        try (Service service =
                start(
                        config(
                                "{lake: {directory: a}, made: {directory: m, default: true}}",
                                NOTES))) {
            create(service, "clicks");
            LoadedConfig next =
                    config(
                            "{pond: {directory: p}, lake: {directory: b}}",
                            "notes: {destination: {store: pond, bucket: notes}}");

            assertThatThrownBy(() -> begin(service, next).get(20, TimeUnit.SECONDS))
                    .hasMessageContaining(
                            "stream clicks was made through the API, and could not be used: No"
                                    + " store is configured for the bucket clicks");

            put(service, "clicks", "z");
            flush(service);
            assertThat(lines("m")).containsExactly("z");
            Awaitility.await().until(() -> service.status().size() == 2);
            put(service, "notes", "after");
            flush(service);
            assertThat(lines("a")).containsExactly("after");
            assertThat(service.stores().goneAndOpen()).isEmpty();
        }
    }

    /** A stream as a caller of the API defines it, read with this configuration. */
    private DefinedStream asked(Service service, LoadedConfig inForce, String name)
            throws Exception {
        create(service, name);
        String document = service.streams().find(name).orElseThrow().document().orElseThrow();
        service.streams().delete(name).gone().toCompletableFuture().get(20, TimeUnit.SECONDS);
        return InForce.defined(
                kept(inForce).read(new KeptStream(name, Origin.API, 1, document, Path.of(""))));
    }

    @Test
    void a_stream_of_the_api_that_is_made_while_a_configuration_waits_is_asked_too()
            throws Exception {
        LoadedConfig first =
                config("{lake: {directory: a}, made: {directory: m, default: true}}", NOTES);
        try (Service service = start(first)) {
            DefinedStream clicks = asked(service, first, "clicks");
            CountDownLatch gate = new CountDownLatch(1);
            service.streams().between(() -> gate.await(20, TimeUnit.SECONDS));
            CompletionStage<StreamStatus> created = service.streams().create(clicks);
            CompletableFuture<List<StreamChange>> reloaded =
                    begin(service, config("{lake: {directory: a}}", NOTES));
            gate.countDown();

            created.toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThatThrownBy(() -> reloaded.get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("stream clicks was made through the API");
        }
    }

    @Test
    void a_stream_of_the_api_is_made_as_the_configuration_says_that_came_before_it()
            throws Exception {
        LoadedConfig first =
                config("{lake: {directory: a}, made: {directory: m, default: true}}", NOTES);
        LoadedConfig second =
                config(
                        "{lake: {directory: a}, made: {directory: m}, pond: {directory: p, default: true}}",
                        NOTES);
        try (Service service = start(first)) {
            DefinedStream clicks = asked(service, first, "clicks");
            assertThat(clicks.definition().destination().store()).isEqualTo("made");
            reload(service, second);

            service.streams().create(clicks).toCompletableFuture().get(20, TimeUnit.SECONDS);

            put(service, "clicks", "x");
            flush(service);
            assertThat(lines("p")).containsExactly("x");
            assertThat(reload(service, second)).hasSize(1);
        }
    }

    @Test
    void another_value_of_a_file_that_a_stream_names_comes_into_force() throws Exception {
        Files.writeString(folder.resolve("place"), "first/");
        String streams = NOTES.replace("bucket: notes", "bucket: notes, prefix: '${file:place}'");
        try (Service service = start(config("{lake: {directory: a}}", streams))) {
            put(service, "notes", "one");
            flush(service);
            Files.writeString(folder.resolve("place"), "second/");

            assertThat(reload(service, config("{lake: {directory: a}}", streams)))
                    .extracting(StreamChange::kind)
                    .containsExactly(Kind.NEW_COMPONENTS);
            put(service, "notes", "two");
            flush(service);

            assertThat(lines("a/notes/first")).containsExactly("one");
            assertThat(lines("a/notes/second")).containsExactly("two");
            assertThat(service.status().get(0).version()).isEqualTo(1);
        }
    }

    @Test
    void a_store_that_cannot_be_opened_refuses_everything() throws Exception {
        try (Service service = start(config("{lake: {directory: a}}", NOTES))) {
            Path authority = Files.writeString(folder.resolve("ca.pem"), "no certificate");
            file(
                    "128MB",
                    "{lake: {directory: b}, pond: {s3: {endpoint: 'https://127.0.0.1:1', caFile: %s}}}"
                            .formatted(authority.getFileName()),
                    "{}",
                    "notes: {destination: {store: pond, bucket: notes}}");
            // As if the file had become wrong since the configuration was read.
            LoadedConfig next = loader.load(folder.resolve("delivery.yaml"));

            assertThatThrownBy(() -> begin(service, next).get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IOException.class)
                    .hasMessageContaining("ca.pem");

            staysAsItWas(service);
        }
    }

    // --- catalogs ---

    private void table(String catalog, String column) throws IOException {
        Path database = Files.createDirectories(folder.resolve(catalog).resolve("db"));
        Files.writeString(
                database.resolve("t.yaml"),
                "columns:\n  - {name: %s, type: string}\n".formatted(column));
    }

    @Test
    void a_catalog_changes_and_the_streams_that_name_it_convert_by_the_new_one() throws Exception {
        table("old", "first");
        table("new", "second");
        String stores = "{lake: {directory: a}}";
        try (Service service = start(config("128MB", stores, "{main: {file: old}}", ROWS))) {
            put(service, "rows", "{\"first\": \"x\"}");
            List<StreamChange> changes =
                    reload(service, config("128MB", stores, "{main: {file: new}}", ROWS));
            put(service, "rows", "{\"second\": \"y\"}");
            flush(service);

            assertThat(changes).containsExactly(new StreamChange("rows", Kind.NEW_COMPONENTS, ""));
            assertThat(objects("a/rows"))
                    .as("one object by each table")
                    .hasSize(2)
                    .anyMatch(bytes -> bytes.contains("first") && !bytes.contains("second"))
                    .anyMatch(bytes -> bytes.contains("second") && !bytes.contains("first"));
            assertThat(service.status().get(0).version()).isEqualTo(1);
        }
    }

    @Test
    void a_stream_that_drained_while_its_catalog_changed_goes_on_with_the_new_one()
            throws Exception {
        table("old", "first");
        table("new", "second");
        Files.createDirectories(folder.resolve("a"));
        Path inTheWay = Files.writeString(folder.resolve("a/rows"), "no bucket");
        String stores = "{lake: {directory: a}}";
        String changed = "{main: {file: new}}";
        try (Service service = start(config("128MB", stores, "{main: {file: old}}", ROWS))) {
            put(service, "rows", "{\"first\": \"x\"}");
            reload(service, config("128MB", stores, changed, ""));
            assertThat(service.status().get(0).phase()).isEqualTo(StreamPhase.DRAINING);

            List<StreamChange> changes = reload(service, config("128MB", stores, changed, ROWS));
            put(service, "rows", "{\"second\": \"y\"}");
            Files.delete(inTheWay);
            flush(service);

            assertThat(changes).containsExactly(new StreamChange("rows", Kind.OPENED, ""));
            assertThat(objects("a/rows"))
                    .as("one object by each table")
                    .hasSize(2)
                    .anyMatch(bytes -> bytes.contains("first") && !bytes.contains("second"))
                    .anyMatch(bytes -> bytes.contains("second") && !bytes.contains("first"));
            assertThat(service.status().get(0).version()).isEqualTo(1);
        }
    }

    private List<String> objects(String bucket) throws IOException {
        List<String> objects = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve(bucket))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                objects.add(Files.readString(file, ISO_8859_1));
            }
        }
        return objects;
    }
}
