package io.delivery.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.api.signing.RequestSigner;
import io.delivery.world.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A small client of the Firehose API, for the command line. Speaks to any server that knows the
 * API. Does not retry. Thread-safe.
 */
public final class FirehoseClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI endpoint;
    private final Optional<RequestSigner> signer;
    private final HttpClient http;
    private final Clock clock;

    /**
     * @param endpoint scheme, host and port
     * @param signer absent: requests are not signed
     * @param clock dates the signatures
     */
    public FirehoseClient(URI endpoint, Optional<RequestSigner> signer, Clock clock) {
        this(endpoint, signer, clock, HttpClient.newHttpClient());
    }

    /** With an HTTP client that trusts a certificate of one's own, for example. */
    public FirehoseClient(
            URI endpoint, Optional<RequestSigner> signer, Clock clock, HttpClient http) {
        this.endpoint = endpoint.resolve("/");
        this.signer = signer;
        this.clock = clock;
        this.http = http;
    }

    /**
     * Puts up to 500 records of up to 4 MiB together.
     *
     * @return per record, in their order, its id or why it was not accepted
     * @throws ApiException when the call as a whole was refused
     * @throws IOException when it is not known whether it was
     */
    public List<Entry> putRecordBatch(String stream, List<byte[]> records)
            throws IOException, InterruptedException {
        ObjectNode request = JSON.createObjectNode().put("DeliveryStreamName", stream);
        ArrayNode list = request.putArray("Records");
        records.forEach(data -> list.addObject().put("Data", data));
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : call("PutRecordBatch", request).path("RequestResponses")) {
            entries.add(
                    new Entry(
                            entry.path("RecordId").asText(""),
                            entry.path("ErrorCode").asText(""),
                            entry.path("ErrorMessage").asText("")));
        }
        return entries;
    }

    /**
     * Calls any operation.
     *
     * @throws ApiException when the call was refused
     * @throws IOException when no answer came
     */
    public JsonNode call(String operation, JsonNode request)
            throws IOException, InterruptedException {
        byte[] body = request.toString().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", "application/x-amz-json-1.1");
        headers.put("x-amz-target", "Firehose_20150804." + operation);
        signer.ifPresent(
                s ->
                        headers.putAll(
                                s.sign(
                                        endpoint,
                                        Map.copyOf(headers),
                                        body,
                                        Instant.ofEpochMilli(clock.millis()))));
        HttpRequest.Builder post =
                HttpRequest.newBuilder(endpoint)
                        .version(HttpClient.Version.HTTP_1_1)
                        .timeout(TIMEOUT)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(post::header);
        HttpResponse<byte[]> response =
                http.send(post.build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode answer = parse(response);
        if (response.statusCode() != 200) {
            throw new ApiException(
                    answer.path("__type").asText("HTTP " + response.statusCode()),
                    response.statusCode(),
                    answer.path("message").asText(answer.path("Message").asText("")));
        }
        return answer;
    }

    private JsonNode parse(HttpResponse<byte[]> response) throws IOException {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException noJson) {
            throw new IOException(
                    "POST %s: HTTP %d, and no JSON".formatted(endpoint, response.statusCode()),
                    noJson);
        }
    }

    /**
     * What became of one record.
     *
     * @param recordId empty when it was not accepted
     * @param errorCode empty when it was
     */
    public record Entry(String recordId, String errorCode, String errorMessage) {
        public boolean accepted() {
            return errorCode.isEmpty();
        }
    }
}
