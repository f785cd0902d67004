package io.delivery.cli;

import io.delivery.record.DeliveryRecord;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** How {@code journal export} writes records. */
enum ExportFormat {
    NDJSON,
    RAW,
    JSON;

    /** Takes one record after the other. */
    interface Writer {
        void write(long sequence, DeliveryRecord record) throws IOException;
    }

    /**
     * A writer to this output, which it neither flushes nor closes.
     *
     * @param incarnation for the record's ids
     * @param delimiter behind each record, for {@link #RAW}
     */
    Writer writer(OutputStream out, Incarnation incarnation, byte[] delimiter) {
        return switch (this) {
            case NDJSON -> (sequence, record) -> line(out, record);
            case RAW ->
                    (sequence, record) -> {
                        out.write(record.array(), record.offset(), record.length());
                        out.write(delimiter);
                    };
            case JSON -> (sequence, record) -> out.write(document(sequence, record, incarnation));
        };
    }

    /** In JSON a line break outside of a string is as good as a space, and none is inside. */
    private static void line(OutputStream out, DeliveryRecord record) throws IOException {
        int end = record.offset() + record.length();
        while (end > record.offset() && isBreak(record.array()[end - 1])) {
            end--;
        }
        byte[] line = new byte[end - record.offset() + 1];
        for (int i = 0; i < line.length - 1; i++) {
            byte one = record.array()[record.offset() + i];
            line[i] = isBreak(one) ? (byte) ' ' : one;
        }
        line[line.length - 1] = '\n';
        out.write(line);
    }

    private static boolean isBreak(byte one) {
        return one == '\n' || one == '\r';
    }

    /** None of the values needs an escape. */
    private static byte[] document(long sequence, DeliveryRecord record, Incarnation incarnation) {
        return "{\"sequence\":%d,\"recordId\":\"%s\",\"arrival\":\"%s\",\"data\":\"%s\"}\n"
                .formatted(
                        sequence,
                        new RecordId(incarnation, sequence).encode(),
                        Instant.ofEpochMilli(record.arrivalMillis()),
                        Base64.getEncoder().encodeToString(record.toByteArray()))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes that a person means by this text; none for none. */
    static byte[] unescaped(String text) {
        if (text == null) {
            return new byte[0];
        }
        return text.replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\t", "\t")
                .replace("\\0", "\0")
                .getBytes(StandardCharsets.UTF_8);
    }
}
