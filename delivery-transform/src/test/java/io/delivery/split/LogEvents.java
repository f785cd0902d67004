package io.delivery.split;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** What CloudWatch Logs sends to a subscription. */
final class LogEvents {
    private LogEvents() {}

    static String envelope(String... messages) {
        String events =
                Arrays.stream(messages)
                        .map(
                                m ->
                                        "{\"id\":\"37\",\"timestamp\":1700000000000,\"message\":"
                                                + m
                                                + "}")
                        .collect(Collectors.joining(","));
        return "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789012\",\"logGroup\":\"g\","
                + "\"logStream\":\"s\",\"subscriptionFilters\":[\"f\"],\"logEvents\":["
                + events
                + "]}";
    }

    /** Whose only message has these bytes between its quotes. */
    static byte[] envelopeWith(byte[] message) {
        String[] around = envelope("\"|\"").split("\\|");
        return together(
                around[0].getBytes(StandardCharsets.UTF_8),
                message,
                around[1].getBytes(StandardCharsets.UTF_8));
    }

    static final String CONTROL =
            "{\"messageType\":\"CONTROL_MESSAGE\",\"owner\":\"CloudwatchLogs\",\"logGroup\":\"\","
                    + "\"logStream\":\"\",\"subscriptionFilters\":[],\"logEvents\":[{\"id\":\"\","
                    + "\"timestamp\":1,\"message\":\"CWL CONTROL MESSAGE: Checking health of"
                    + " destination Firehose.\"}]}";

    static byte[] gzip(String text) {
        return gzip(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    static byte[] together(byte[]... pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }
}
