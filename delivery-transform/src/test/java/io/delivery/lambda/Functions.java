package io.delivery.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.function.Invocation;
import io.delivery.record.SequencedRecord;
import io.delivery.testkit.FakeFunction.Reply;
import io.delivery.testkit.FakeFunction.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** Functions as a user would write them, and the records that they get. */
final class Functions {
    static final ObjectMapper JSON = new ObjectMapper();

    private Functions() {}

    /** Answers Ok with the text that is made of each record's text. */
    static Script mapping(UnaryOperator<String> text) {
        return invocation -> Reply.answer(mapped(invocation, text));
    }

    /** The answer of such a function. */
    static byte[] mapped(Invocation invocation, UnaryOperator<String> text) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode records = answer.putArray("records");
        for (JsonNode record : event(invocation).get("records")) {
            String data = text.apply(text(record));
            records.addObject()
                    .put("recordId", record.get("recordId").textValue())
                    .put("result", "Ok")
                    .put("data", data.getBytes(StandardCharsets.UTF_8));
        }
        return bytes(answer);
    }

    static String text(JsonNode record) {
        byte[] data = Base64.getDecoder().decode(record.get("data").textValue());
        return new String(data, StandardCharsets.UTF_8);
    }

    static JsonNode event(Invocation invocation) {
        try {
            return JSON.readTree(invocation.event());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    static SequencedRecord record(long sequence, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new SequencedRecord().at(sequence, 0, true, bytes, 0, bytes.length, 1000 + sequence);
    }

    static List<SequencedRecord> records(String... texts) {
        List<SequencedRecord> records = new ArrayList<>();
        for (String text : texts) {
            records.add(record(records.size(), text));
        }
        return records;
    }
}
