package io.delivery.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.http.FirehoseClient;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.machine.SystemClock;
import io.delivery.parquet.ParquetTable;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fields without a column, and the deserializer, from the request to the object and the status. */
class UnknownFieldsServiceTest {
    @TempDir private Path folder;

    private final ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void table() throws Exception {
        Files.createDirectories(folder.resolve("schemas/db"));
        Files.writeString(
                folder.resolve("schemas/db/t.yaml"),
                """
                columns:
                  - {name: id, type: int}
                  - {name: extras, type: 'map<string,string>'}
                serde: {hive: {timestampFormats: [millis]}}
                """);
    }

    private LoadedConfig config(String format) throws Exception {
        return new ConfigFile(
                        loader,
                        Files.writeString(
                                folder.resolve("delivery.yaml"),
                                """
                                server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}}
                                dataDir: data
                                limits: {memory: 128MB}
                                stores: {lake: {directory: lake}}
                                catalogs: {main: {file: schemas}}
                                streams:
                                  s:
                                    format: {parquet: {}, schema: {table: db.t}%s}
                                    destination: {bucket: b, prefix: main/, errorPrefix: errors/}
                                """
                                        .formatted(format)))
                .read();
    }

    private Service start(LoadedConfig loaded) throws Exception {
        return Service.start(loaded, kept(loaded));
    }

    private InForce.KeptDefinitions kept(LoadedConfig context) {
        return new ConfigFile(loader, folder.resolve("delivery.yaml")).kept(context);
    }

    private void land(Service service, String... records) throws Exception {
        List<FirehoseClient.Entry> answers =
                new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock())
                        .putRecordBatch(
                                "s", Stream.of(records).map(t -> t.getBytes(UTF_8)).toList());
        assertThat(answers).allMatch(FirehoseClient.Entry::accepted);
        service.flush().get(20, TimeUnit.SECONDS);
    }

    private JsonNode status(Service service) throws Exception {
        URI uri = service.adminUri().resolve("/streams/s");
        return new ObjectMapper()
                .readTree(
                        http.send(
                                        HttpRequest.newBuilder(uri).build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body());
    }

    private JsonNode deserializer(Service service) throws Exception {
        HttpRequest describe =
                HttpRequest.newBuilder(service.apiUri())
                        .header("Content-Type", "application/x-amz-json-1.1")
                        .header("X-Amz-Target", "Firehose_20150804.DescribeDeliveryStream")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"DeliveryStreamName\":\"s\"}"))
                        .build();
        return new ObjectMapper()
                .readTree(http.send(describe, HttpResponse.BodyHandlers.ofString()).body())
                .findValue("Deserializer");
    }

    private List<Path> objects(String below) throws Exception {
        if (!Files.exists(folder.resolve("lake/b").resolve(below))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder.resolve("lake/b").resolve(below))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void fields_that_are_kept_land_and_are_in_the_status_by_name() throws Exception {
        try (Service service = start(config(", unknownFields: {keep: extras}"))) {
            land(service, "{\"id\":1,\"x\":true}", "{\"id\":2,\"x\":[1],\"y\":\"z\"}");

            JsonNode tally = status(service).path("unknownFields");
            assertThat(tally.toString())
                    .isEqualTo(
                            "{\"mostFrequent\":[{\"field\":\"x\",\"times\":2},"
                                    + "{\"field\":\"y\",\"times\":1}],\"others\":0}");
            assertThat(objects("main")).hasSize(1);
            try (ParquetTable table = ParquetTable.open(objects("main").get(0))) {
                assertThat(table.rowCount()).isEqualTo(2);
            }
        }
    }

    @Test
    void a_record_with_an_unknown_field_goes_to_the_error_output_where_it_is_refused()
            throws Exception {
        try (Service service = start(config(", unknownFields: refuse"))) {
            land(service, "{\"id\":1}", "{\"id\":2,\"x\":1}");

            assertThat(objects("errors")).hasSize(1);
            JsonNode line = new ObjectMapper().readTree(objects("errors").get(0).toFile());
            assertThat(line.path("lastErrorCode").asText())
                    .isEqualTo("DataFormatConversion.MalformedData");
            assertThat(line.path("lastErrorMessage").asText())
                    .isEqualTo(
                            "Field x: Data does not match the schema. The table has no column for"
                                    + " this field, and the stream refuses unknown fields");
            assertThat(line.path("rawData").binaryValue())
                    .isEqualTo("{\"id\":2,\"x\":1}".getBytes(UTF_8));
            try (ParquetTable table = ParquetTable.open(objects("main").get(0))) {
                assertThat(table.rowCount()).isEqualTo(1);
            }
        }
    }

    @Test
    void counts_go_on_when_the_stream_gets_other_components() throws Exception {
        try (Service service = start(config(""))) {
            land(service, "{\"id\":1,\"x\":1}");
            LoadedConfig next = config(", unknownFields: {keep: extras}");
            service.reload(next, kept(next)).toCompletableFuture().get(20, TimeUnit.SECONDS);
            land(service, "{\"id\":2,\"x\":1}");

            assertThat(status(service).path("unknownFields").path("mostFrequent").toString())
                    .isEqualTo("[{\"field\":\"x\",\"times\":2}]");
        }
    }

    @Test
    void describe_shows_the_deserializer_that_is_in_force() throws Exception {
        try (Service service = start(config(""))) {
            assertThat(deserializer(service).toString())
                    .isEqualTo("{\"HiveJsonSerDe\":{\"TimestampFormats\":[\"millis\"]}}");

            LoadedConfig next = config(", serde: {openx: {caseInsensitive: false}}");
            service.reload(next, kept(next)).toCompletableFuture().get(20, TimeUnit.SECONDS);
            // The next version takes effect between two ranges.
            org.awaitility.Awaitility.await()
                    .until(
                            () -> deserializer(service).toString(),
                            ("{\"OpenXJsonSerDe\":{\"ConvertDotsInJsonKeysToUnderscores\":false,"
                                            + "\"CaseInsensitive\":false}}")
                                    ::equals);
        }
    }
}
