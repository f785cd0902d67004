package io.delivery.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.cli.LineBatches.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Records to try something with, from a file. */
final class Samples {
    /** They are held in memory, and shown to somebody. */
    private static final int MOST_BYTES = 64 << 20;

    /** How a file holds records. */
    enum Layout {
        /** Each line that is not empty is one. */
        LINES,
        /** The elements of a JSON array: the text of a string, the JSON of anything else. */
        ARRAY,
        /** All of it is one. */
        FILE
    }

    private Samples() {}

    /**
     * Reads all of them.
     *
     * @throws RefusedArgumentException when there are none, or too many, or it is not that layout
     */
    static List<byte[]> read(InputStream in, Layout layout)
            throws IOException, RefusedArgumentException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new RefusedArgumentException(
                    "the samples have more than %d MB".formatted(MOST_BYTES >> 20));
        }
        List<byte[]> records =
                switch (layout) {
                    case LINES -> lines(bytes);
                    case ARRAY -> elements(bytes);
                    case FILE -> List.of(bytes);
                };
        if (records.isEmpty()) {
            throw new RefusedArgumentException("there are no samples");
        }
        return records;
    }

    private static List<byte[]> lines(byte[] bytes) throws IOException, RefusedArgumentException {
        List<Long> tooLong = new ArrayList<>();
        LineBatches lines = new LineBatches(new ByteArrayInputStream(bytes), tooLong::add);
        List<byte[]> records = new ArrayList<>();
        for (List<Line> batch = lines.next(); !batch.isEmpty(); batch = lines.next()) {
            batch.forEach(line -> records.add(line.bytes()));
        }
        if (!tooLong.isEmpty()) {
            throw new RefusedArgumentException(
                    "line %d is longer than the %d bytes that a record may have"
                            .formatted(tooLong.get(0), LineBatches.MAX_RECORD_BYTES));
        }
        return records;
    }

    private static List<byte[]> elements(byte[] bytes)
            throws IOException, RefusedArgumentException {
        JsonNode array;
        try {
            array = new ObjectMapper().readTree(bytes);
        } catch (JsonProcessingException noJson) {
            throw new RefusedArgumentException("no JSON: " + noJson.getOriginalMessage());
        }
        if (!array.isArray()) {
            throw new RefusedArgumentException("no JSON array");
        }
        List<byte[]> records = new ArrayList<>();
        for (JsonNode element : array) {
            String text = element.isTextual() ? element.asText() : element.toString();
            records.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return records;
    }
}
