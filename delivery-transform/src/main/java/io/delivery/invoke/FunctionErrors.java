package io.delivery.invoke;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.jackson.BoundedParsers;
import io.delivery.record.PrintableText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads what stands in place of an answer when a function has failed: {@code {"errorMessage": …,
 * "errorType": …}}, as the runtimes of Lambda write it.
 */
final class FunctionErrors {
    private static final JsonFactory JSON = new JsonFactory();

    /** What Lambda and its emulator say; the first has it in an errorMessage. */
    private static final Pattern TIMED_OUT =
            Pattern.compile("(?:\\S+ \\S+ )?Task timed out after [0-9.]+ seconds");

    private static final String TIMED_OUT_TYPE = "Sandbox.Timedout";
    private static final int LONGEST_MESSAGE = 500;
    private static final int LONGEST_PLAIN_BODY = 200;

    private FunctionErrors() {}

    /** What the object at the top of a body has of an error. */
    private record Words(String type, String message, boolean records) {}

    /**
     * The failure that a body tells although nothing else of the answer does. A body with {@code
     * records} is an answer, whatever else it has.
     */
    static Optional<Failed> told(byte[] body) {
        if (body.length <= LONGEST_PLAIN_BODY) {
            String text = new String(body, StandardCharsets.UTF_8).strip();
            if (TIMED_OUT.matcher(text).matches()) {
                return Optional.of(new Failed(Reason.TIMED_OUT, text));
            }
        }
        Words words = words(body);
        return words.type() == null || words.records()
                ? Optional.empty()
                : Optional.of(failed(words));
    }

    /** The failure of a function that is known to have failed, in its own words. */
    static Failed of(byte[] body) {
        Words words = words(body);
        if (words.type() != null || words.message() != null) {
            return failed(words);
        }
        return new Failed(Reason.FUNCTION_ERROR, "The function failed" + said(body));
    }

    /** What a status says that is no success, when nothing else tells more. */
    static Reason reason(int status) {
        return switch (status) {
            case 401, 403 -> Reason.ACCESS_DENIED;
            case 404 -> Reason.NOT_FOUND;
            case 429 -> Reason.TOO_MANY_INVOCATIONS;
            default -> status >= 500 ? Reason.SERVICE_UNAVAILABLE : Reason.REFUSED;
        };
    }

    /** {@code : } and the beginning of the body; nothing when it is empty. */
    static String said(byte[] body) {
        int length = Math.min(body.length, 4 * LONGEST_MESSAGE);
        String text = new String(body, 0, length, StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "" : ": " + shown(text);
    }

    /** Printable, and not longer than a line of a log should be. */
    static String shown(String text) {
        String line = PrintableText.of(text.strip());
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "…";
    }

    private static Failed failed(Words words) {
        String message = words.message() == null ? "" : words.message();
        boolean late = TIMED_OUT_TYPE.equals(words.type()) || TIMED_OUT.matcher(message).matches();
        String told =
                words.type() == null || message.contains(words.type())
                        ? message
                        : message.isBlank() ? words.type() : words.type() + ": " + message;
        return new Failed(
                late ? Reason.TIMED_OUT : Reason.FUNCTION_ERROR,
                "The function failed: " + shown(told));
    }

    private static Words words(byte[] body) {
        String type = null;
        String message = null;
        try (JsonParser parser = BoundedParsers.once(JSON, body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Words(null, null, false);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("records")) {
                    return new Words(null, null, true);
                }
                boolean text = value == JsonToken.VALUE_STRING;
                if (text && name.equals("errorType")) {
                    type = parser.getText();
                } else if (text && name.equals("errorMessage")) {
                    message = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
            return new Words(type, message, false);
        } catch (IOException notJson) {
            return new Words(null, null, false);
        }
    }
}
