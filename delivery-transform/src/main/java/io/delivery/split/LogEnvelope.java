package io.delivery.split;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.delivery.jackson.BoundedParsers;
import io.delivery.record.Utf8Text;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * What CloudWatch Logs sends to a subscription: one JSON object with {@code messageType}, which is
 * DATA_MESSAGE or CONTROL_MESSAGE, and {@code logEvents}, each an object with a {@code message}.
 * Other members may be there or not, with any values. Not thread-safe.
 */
final class LogEnvelope {
    /** Every limit is said, so that another version of Jackson reads the same envelopes. */
    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Gunzip.MOST_BYTES)
                                    .maxNameLength(50_000)
                                    .maxNumberLength(1_000)
                                    .maxNestingDepth(1_000)
                                    .build())
                    .configure(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION, false)
                    .build();

    private static final String TYPE = "messageType";
    private static final String EVENTS = "logEvents";
    private static final String MESSAGE = "message";
    private static final String DATA = "DATA_MESSAGE";
    private static final String CONTROL = "CONTROL_MESSAGE";

    /** An array that is larger than this is not kept for the next record. */
    private static final int KEPT_BYTES = 1 << 20;

    private static final int FIRST_BYTES = 8 << 10;

    private final BoundedParsers parsers = new BoundedParsers(JSON);
    private byte[] messages = new byte[FIRST_BYTES];
    private int length;
    private int most;

    /** The bytes are no such envelope. */
    static final class NotAnEnvelopeException extends Exception {
        private static final long serialVersionUID = 1L;

        NotAnEnvelopeException() {
            super("not an envelope of log events", null, false, false);
        }
    }

    /**
     * Reads an envelope; {@link #messages} and {@link #length} have the messages of its log events,
     * each with a line feed behind it. A CONTROL_MESSAGE has none. The array belongs to the caller
     * until the next call.
     */
    void read(byte[] json, int count) throws NotAnEnvelopeException {
        length = 0;
        most = count;
        // Jackson takes overlong forms and lead bytes beyond F4, whose texts are longer in UTF-8.
        require(Utf8Text.mayBeJson(json, 0, count));
        try (JsonParser parser = parsers.parser(json, 0, count)) {
            require(parser.nextToken() == JsonToken.START_OBJECT);
            readMembers(parser);
            require(parser.nextToken() == null);
        } catch (IOException notJson) {
            throw new NotAnEnvelopeException();
        }
    }

    byte[] messages() {
        return messages;
    }

    int length() {
        return length;
    }

    /** Nobody but the caller needs the array any more, when it is a large one. */
    void release() {
        if (messages.length > KEPT_BYTES) {
            messages = new byte[FIRST_BYTES];
        }
    }

    private void readMembers(JsonParser parser) throws IOException, NotAnEnvelopeException {
        Set<String> seen = new HashSet<>();
        String type = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case TYPE -> {
                    require(seen.add(name) && value == JsonToken.VALUE_STRING);
                    type = parser.getText();
                }
                case EVENTS -> {
                    require(seen.add(name) && value == JsonToken.START_ARRAY);
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        require(parser.currentToken() == JsonToken.START_OBJECT);
                        readEvent(parser);
                    }
                }
                default -> pass(parser);
            }
        }
        require(CONTROL.equals(type) || DATA.equals(type) && seen.contains(EVENTS));
        if (CONTROL.equals(type)) {
            length = 0; // CloudWatch checks that we are there: no event of the log
        }
    }

    private void readEvent(JsonParser parser) throws IOException, NotAnEnvelopeException {
        boolean any = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean isMessage = parser.currentName().equals(MESSAGE);
            JsonToken value = parser.nextToken();
            if (isMessage) {
                require(!any && value == JsonToken.VALUE_STRING);
                any = true;
                add(parser.getText());
            } else {
                pass(parser);
            }
        }
        require(any);
    }

    /** Passes the value that the parser is at, reading it to its end. */
    private static void pass(JsonParser parser) throws IOException {
        parser.skipChildren();
        parser.finishToken();
    }

    /** Adds a message in UTF-8, and a line feed; half of a surrogate pair becomes U+FFFD. */
    private void add(String message) {
        reserve(3L * message.length() + 1);
        for (int i = 0; i < message.length(); i++) {
            int c = message.charAt(i);
            if (c < 0x80) {
                messages[length++] = (byte) c;
                continue;
            }
            if (Character.isSurrogate((char) c)) {
                c = message.codePointAt(i);
                if (Character.isSupplementaryCodePoint(c)) {
                    i++;
                } else {
                    c = 0xfffd;
                }
            }
            addBeyondAscii(c);
        }
        messages[length++] = '\n';
    }

    private void addBeyondAscii(int c) {
        if (c < 0x800) {
            messages[length++] = (byte) (0xc0 | c >> 6);
        } else {
            if (c < 0x10000) {
                messages[length++] = (byte) (0xe0 | c >> 12);
            } else {
                messages[length++] = (byte) (0xf0 | c >> 18);
                messages[length++] = (byte) (0x80 | c >> 12 & 0x3f);
            }
            messages[length++] = (byte) (0x80 | c >> 6 & 0x3f);
        }
        messages[length++] = (byte) (0x80 | c & 0x3f);
    }

    /**
     * Whatever is in the messages, none is longer than its JSON, nor all of them than all of it,
     * because the JSON is UTF-8.
     */
    private void reserve(long more) {
        long needed = Math.min(most, length + more);
        if (needed > messages.length) {
            long larger = Math.max(needed, Math.min(most, 2L * messages.length));
            messages = Arrays.copyOf(messages, (int) larger);
        }
    }

    private static void require(boolean right) throws NotAnEnvelopeException {
        if (!right) {
            throw new NotAnEnvelopeException();
        }
    }
}
