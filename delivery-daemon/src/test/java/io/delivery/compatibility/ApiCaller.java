package io.delivery.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LoadedConfig;
import io.delivery.wiring.Programs;
import io.delivery.wiring.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The whole service in this process, and a caller that sends it any JSON: what an SDK would not let
 * through reaches the server as well. One stream is of the configuration, {@code fixed}.
 */
final class ApiCaller implements AutoCloseable {
    static final String ACCOUNT = "000000000000";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIGURATION =
            """
            server: {api: 127.0.0.1:0, admin: 127.0.0.1:0, shutdown: {land: false}}
            dataDir: data
            limits: {memory: 128MB}
            encryption: {keys: [{id: sample, key: 'QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8='}]}
            stores: {lake: {directory: lake}, strict: {directory: strict, createBuckets: false}}
            buckets: [{match: 'nowhere-*', store: strict}, {match: '*', store: lake}]
            functions: {enrich: {endpoint: 'http://127.0.0.1:9/'}}
            catalogs: {main: {file: schemas}, other: {file: schemas}}
            streams: {fixed: {destination: {store: lake, bucket: b}}}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Service service;

    private ApiCaller(Service service) {
        this.service = service;
    }

    /** An answer; type and message are empty where it is none of an error. */
    record Answer(int status, String type, String message, JsonNode body) {}

    /**
     * @param folder empty; data and configuration go there
     */
    static ApiCaller start(Path folder) throws Exception {
        return new ApiCaller(Service.start(configuration(folder)));
    }

    /** The configuration that {@link #start} runs, with tables t and t2 in databases db and db2. */
    static LoadedConfig configuration(Path folder) throws Exception {
        for (String table : new String[] {"db/t", "db/t2", "db2/t"}) {
            Path file = folder.resolve("schemas").resolve(table + ".yaml");
            Files.createDirectories(file.getParent());
            Files.writeString(file, "columns: [{name: id, type: int}, {name: n, type: string}]\n");
        }
        Path file = Files.writeString(folder.resolve("delivery.yaml"), CONFIGURATION);
        return new ConfigLoader(Map.of(), Programs.OURS).load(file);
    }

    Answer call(String operation, JsonNode request) throws IOException, InterruptedException {
        return answer(http.send(post(operation, request.toString()), body()));
    }

    private static HttpResponse.BodyHandler<String> body() {
        return HttpResponse.BodyHandlers.ofString();
    }

    private HttpRequest post(String operation, String body) {
        return post(service.apiUri(), operation, body);
    }

    /** A call of an operation, for any server of the API. */
    static HttpRequest post(URI api, String operation, String body) {
        return HttpRequest.newBuilder(api.resolve("/"))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/x-amz-json-1.1")
                .header("x-amz-target", "Firehose_20150804." + operation)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    static Answer answer(HttpResponse<String> response) throws IOException {
        JsonNode body = JSON.readTree(response.body());
        return new Answer(
                response.statusCode(),
                body.path("__type").asText(""),
                body.path("message").asText(""),
                body);
    }

    /** The description of a stream that is there. */
    JsonNode describe(String stream) throws IOException, InterruptedException {
        Answer answer = call("DescribeDeliveryStream", named(stream));
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        return answer.body().path("DeliveryStreamDescription");
    }

    static ObjectNode named(String stream) {
        return JsonNodeFactory.instance.objectNode().put("DeliveryStreamName", stream);
    }

    /** An update of the present version. */
    ObjectNode updateOf(String stream) throws IOException, InterruptedException {
        return named(stream)
                .put("CurrentDeliveryStreamVersionId", describe(stream).path("VersionId").asText())
                .put("DestinationId", "destinationId-000000000001");
    }

    @Override
    public void close() {
        service.close();
    }
}
