package io.delivery.lambda;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.delivery.jackson.BoundedParsers;
import io.delivery.partition.PartitionKeys;
import io.delivery.processing.Outcome;
import io.delivery.record.Utf8Text;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what a function answered: one outcome for each record that was sent, whatever the answer
 * is. Members that Firehose does not know are passed over, and of a member that stands twice the
 * last one counts. Thread-safe.
 */
final class AnswerReader {
    /** Keys of a stream: Firehose quotas, dynamic partitioning. */
    private static final int MOST_KEYS = 50;

    /** What libraries of all languages write by default. */
    private static final Base64Variant BASE64 = Base64Variants.MIME_NO_LINEFEEDS;

    /** Deeper is no answer. */
    private static final int DEEPEST = 200;

    /** Python writes NaN and Infinity; others write line breaks into strings. */
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build();

    private final EventSource source;

    AnswerReader(EventSource source) {
        this.source = source;
    }

    /**
     * @param payload the answer
     * @param ids of the records that were sent, in order
     * @param attempts how often the event has been sent
     * @return one outcome per record, in order
     */
    List<Outcome> read(byte[] payload, List<String> ids, int attempts) {
        Outcome[] outcomes;
        try {
            outcomes = new Reading(payload, ids, attempts).outcomes();
        } catch (IOException notJson) {
            outcomes = new Outcome[ids.size()];
            Arrays.fill(
                    outcomes,
                    new Outcome.ProcessingFailed(
                            LambdaFailure.NOT_JSON.after(attempts, where(notJson))));
        }
        Outcome missing = failed(LambdaFailure.MISSING_RECORD_ID, attempts);
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] == null) {
                outcomes[i] = missing;
            }
        }
        return Arrays.asList(outcomes);
    }

    private static Outcome failed(LambdaFailure failure, int attempts) {
        return new Outcome.ProcessingFailed(failure.after(attempts));
    }

    /** The place, and no word of the answer: it may have what the records have. */
    private static String where(IOException notJson) {
        if (notJson instanceof CharacterCodingException) {
            return "(it is not UTF-8)";
        }
        return notJson instanceof JsonProcessingException at && at.getLocation() != null
                ? "(at line %d, column %d)"
                        .formatted(at.getLocation().getLineNr(), at.getLocation().getColumnNr())
                : "";
    }

    /** How the bytes of a record are taken from the parser. */
    private interface DataReader {
        /** Null when it is not base64. */
        byte[] read(JsonParser parser) throws IOException;
    }

    /** The parser's place is lost: something that was to be base64 is not. */
    private static final class NotBase64Exception extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Straight from the answer; whoever writes no base64 stops it. */
    private static byte[] decodeStraight(JsonParser parser) throws IOException {
        try {
            return parser.getBinaryValue(BASE64);
        } catch (JsonParseException notBase64) {
            throw new NotBase64Exception();
        }
    }

    /** By way of a text. */
    private static byte[] decodeText(JsonParser parser) throws IOException {
        String text = parser.getText();
        try {
            return BASE64.decode(text);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** What an answer says of one record. */
    private static final class Returned {
        private String id;
        private String result;
        private byte[] data;
        private boolean dataInvalid;
        private Map<String, String> keys = Map.of();
        private boolean keysInvalid;
    }

    /** One answer. */
    private final class Reading {
        private final byte[] payload;
        private final List<String> ids;
        private final int attempts;
        private final Outcome[] outcomes;
        private Map<String, Integer> places;
        private int expected;

        Reading(byte[] payload, List<String> ids, int attempts) {
            this.payload = payload;
            this.ids = ids;
            this.attempts = attempts;
            this.outcomes = new Outcome[ids.size()];
        }

        /** Null for a record that is not in the answer. */
        Outcome[] outcomes() throws IOException {
            if (!Utf8Text.mayBeJson(payload, 0, payload.length)) {
                throw new CharacterCodingException();
            }
            try {
                readAnswer(AnswerReader::decodeStraight);
            } catch (NotBase64Exception e) {
                // Once more, in a way that finds out which records it is.
                readAnswer(AnswerReader::decodeText);
            }
            return outcomes;
        }

        private void readAnswer(DataReader decoder) throws IOException {
            forget();
            try (JsonParser parser = BoundedParsers.once(JSON, payload)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    readToTheEnd(parser);
                    return;
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    boolean records = parser.currentName().equals("records");
                    JsonToken value = parser.nextToken();
                    if (records) {
                        forget(); // the last one counts
                    }
                    if (records && value == JsonToken.START_ARRAY) {
                        readRecords(parser, decoder);
                    } else {
                        parser.skipChildren();
                    }
                }
            }
        }

        /** What is no object may be no JSON, too. */
        private void readToTheEnd(JsonParser parser) throws IOException {
            if (parser.currentToken() != null) {
                parser.skipChildren();
                parser.finishToken();
            }
        }

        private void forget() {
            Arrays.fill(outcomes, null);
            expected = 0;
        }

        private void readRecords(JsonParser parser, DataReader decoder) throws IOException {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    take(readRecord(parser, decoder));
                } else {
                    parser.skipChildren(); // it has no id
                }
            }
        }

        private Returned readRecord(JsonParser parser, DataReader decoder) throws IOException {
            Returned record = new Returned();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("recordId")) {
                    record.id = scalar(parser);
                } else if (name.equals("result")) {
                    record.result = scalar(parser);
                } else if (name.equals(source.dataMember())) {
                    readData(record, parser, decoder);
                } else if (name.equals("metadata")) {
                    readMetadata(record, parser);
                } else {
                    parser.skipChildren();
                }
            }
            return record;
        }

        /** The text of a value that is neither null, object nor array; null otherwise. */
        private String scalar(JsonParser parser) throws IOException {
            JsonToken token = parser.currentToken();
            if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                return parser.getText();
            }
            parser.skipChildren();
            return null;
        }

        private void readData(Returned record, JsonParser parser, DataReader decoder)
                throws IOException {
            record.data = null;
            record.dataInvalid = false;
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                record.data = decoder.read(parser);
                record.dataInvalid = record.data == null;
            } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
                record.dataInvalid = true;
                parser.skipChildren();
            }
        }

        private void readMetadata(Returned record, JsonParser parser) throws IOException {
            record.keys = Map.of();
            record.keysInvalid = false;
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean keys = parser.currentName().equals("partitionKeys");
                parser.nextToken();
                if (keys) {
                    readKeys(record, parser);
                } else {
                    parser.skipChildren();
                }
            }
        }

        private void readKeys(Returned record, JsonParser parser) throws IOException {
            record.keys = Map.of();
            record.keysInvalid = false;
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                record.keysInvalid = parser.currentToken() != JsonToken.VALUE_NULL;
                parser.skipChildren();
                return;
            }
            Map<String, String> keys = new HashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                String value = scalar(parser);
                keys.remove(name);
                if (value == null) {
                    record.keysInvalid |= token != JsonToken.VALUE_NULL;
                } else if (keys.size() == MOST_KEYS) {
                    record.keysInvalid = true;
                } else {
                    keys.put(name, value);
                }
            }
            record.keys = keys;
        }

        private void take(Returned record) {
            int place = record.id == null ? -1 : placeOf(record.id);
            if (place < 0) {
                return; // it was never sent
            }
            outcomes[place] =
                    outcomes[place] == null
                            ? outcome(record)
                            : failed(LambdaFailure.DUPLICATED_RECORD_ID, attempts);
        }

        private int placeOf(String id) {
            if (expected < ids.size() && ids.get(expected).equals(id)) {
                return expected++; // most answers have the order of the event
            }
            if (places == null) {
                places = new HashMap<>();
                for (int i = 0; i < ids.size(); i++) {
                    places.put(ids.get(i), i);
                }
            }
            return places.getOrDefault(id, -1);
        }

        private Outcome outcome(Returned record) {
            return switch (record.result == null ? "" : record.result) {
                case "Ok" -> ok(record);
                case "Dropped" -> new Outcome.Dropped();
                case "ProcessingFailed" -> failed(LambdaFailure.PROCESSING_FAILED_STATUS, attempts);
                default -> failed(LambdaFailure.UNKNOWN_RESULT, attempts);
            };
        }

        private Outcome ok(Returned record) {
            if (record.dataInvalid) {
                return failed(LambdaFailure.NOT_BASE64, attempts);
            }
            if (record.data == null) {
                return new Outcome.ProcessingFailed(
                        LambdaFailure.INVALID_RETURN_FORMAT.after(attempts, source.noData()));
            }
            if (record.keysInvalid) {
                return failed(LambdaFailure.INVALID_PARTITION_KEYS, attempts);
            }
            return new Outcome.Ok(
                    record.data,
                    record.keys.isEmpty()
                            ? PartitionKeys.NONE
                            : new PartitionKeys(Map.of(), record.keys));
        }
    }
}
