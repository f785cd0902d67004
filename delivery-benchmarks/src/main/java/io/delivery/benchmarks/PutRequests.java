package io.delivery.benchmarks;

import io.delivery.api.signing.RequestSigner;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * The bytes of requests that put records of the clickstream, most into the stream {@code clicks}.
 */
final class PutRequests {
    /** The credentials that a signed request is made with. */
    static final String CREDENTIALS =
            "credentials: [{accessKeyId: known, secretAccessKey: secret}]";

    static final int BATCH_RECORDS = 500;

    /** As ProducerPerformance of Kafka sends them in the benchmark {@code kafka}. */
    static final int BATCH_RECORD_BYTES = 500;

    private static final int RECORD_BYTES = 1_000;
    private static final String REGION = "us-east-1";

    /** One call before it has headers. */
    record Call(String operation, byte[] body) {}

    private PutRequests() {}

    /** PutRecord with one record of 1,000 bytes. */
    static Call record() {
        return new Call(
                "PutRecord",
                ascii(
                        "{\"DeliveryStreamName\":\"clicks\",\"Record\":{\"Data\":\"%s\"}}"
                                .formatted(data(RECORD_BYTES))));
    }

    /** PutRecordBatch with 500 records of 500 bytes. */
    static Call batch() {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < BATCH_RECORDS; i++) {
            records.add("{\"Data\":\"%s\"}".formatted(data(BATCH_RECORD_BYTES)));
        }
        return new Call(
                "PutRecordBatch",
                ascii(
                        "{\"DeliveryStreamName\":\"clicks\",\"Records\":[%s]}"
                                .formatted(String.join(",", records))));
    }

    /**
     * A PutRecordBatch for each batch, with its records as they are.
     *
     * @param stream which stream takes a batch, by its number
     */
    static List<Call> batches(RecordBatch[] batches, IntFunction<String> stream) {
        List<Call> calls = new ArrayList<>();
        for (RecordBatch batch : batches) {
            ByteArrayOutputStream body = new ByteArrayOutputStream(batch.length() * 4 / 3 + 20_000);
            String name = stream.apply(calls.size());
            body.writeBytes(ascii("{\"DeliveryStreamName\":\"" + name + "\",\"Records\":["));
            RecordBatch.Cursor cursor = batch.cursor();
            String separator = "";
            for (DeliveryRecord record = cursor.next(); record != null; record = cursor.next()) {
                int end = record.offset() + record.length();
                byte[] data = Arrays.copyOfRange(record.array(), record.offset(), end);
                body.writeBytes(ascii(separator + "{\"Data\":\""));
                body.writeBytes(Base64.getEncoder().encode(data));
                body.writeBytes(ascii("\"}"));
                separator = ",";
            }
            body.writeBytes(ascii("]}"));
            calls.add(new Call("PutRecordBatch", body.toByteArray()));
        }
        return calls;
    }

    /** Records of the clickstream one behind the other, cut to so many bytes. */
    private static String data(int bytes) {
        Clickstream clicks = Clickstream.uniform(1, 1000);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        while (data.size() < bytes) {
            data.writeBytes(clicks.record());
        }
        return Base64.getEncoder().encodeToString(Arrays.copyOf(data.toByteArray(), bytes));
    }

    static byte[] unsigned(Call call) {
        return request(Map.of("host", "127.0.0.1"), call);
    }

    /** With a signature of Signature Version 4, which counts for a few minutes from now. */
    static byte[] signed(URI uri, Call call) {
        Map<String, String> headers =
                Map.of(
                        "content-type",
                        "application/x-amz-json-1.1",
                        "x-amz-target",
                        "Firehose_20150804." + call.operation());
        Map<String, String> more =
                new TreeMap<>(
                        new RequestSigner("known", "secret", REGION)
                                .sign(uri.resolve("/"), headers, call.body(), Instant.now()));
        more.put("host", uri.getHost() + ":" + uri.getPort());
        return request(more, call);
    }

    private static byte[] request(Map<String, String> headers, Call call) {
        StringBuilder head = new StringBuilder("POST / HTTP/1.1\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        head.append("content-type: application/x-amz-json-1.1\r\n");
        head.append("x-amz-target: Firehose_20150804." + call.operation() + "\r\n");
        head.append("content-length: " + call.body().length + "\r\n\r\n");
        byte[] first = ascii(head.toString());
        byte[] all = Arrays.copyOf(first, first.length + call.body().length);
        System.arraycopy(call.body(), 0, all, first.length, call.body().length);
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
