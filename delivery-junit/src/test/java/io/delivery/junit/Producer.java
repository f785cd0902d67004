package io.delivery.junit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/** Puts records as any client may, unsigned: these tests have no AWS SDK. */
final class Producer {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Producer() {}

    static void put(URI endpoint, String stream, String... records) throws Exception {
        put(
                endpoint,
                stream,
                Arrays.stream(records)
                        .map(record -> record.getBytes(UTF_8))
                        .toArray(byte[][]::new));
    }

    static void put(URI endpoint, String stream, byte[]... records) throws Exception {
        String list =
                Arrays.stream(records)
                        .map(record -> Base64.getEncoder().encodeToString(record))
                        .map(data -> "{\"Data\":\"" + data + "\"}")
                        .collect(Collectors.joining(","));
        String body = "{\"DeliveryStreamName\":\"%s\",\"Records\":[%s]}".formatted(stream, list);
        assertThat(call(endpoint, "PutRecordBatch", body)).contains("\"FailedPutCount\":0");
    }

    /** Any operation of the API. */
    static String call(URI endpoint, String operation, String body) throws Exception {
        HttpResponse<String> answer =
                HTTP.send(
                        HttpRequest.newBuilder(endpoint)
                                .header("content-type", "application/x-amz-json-1.1")
                                .header("x-amz-target", "Firehose_20150804." + operation)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
