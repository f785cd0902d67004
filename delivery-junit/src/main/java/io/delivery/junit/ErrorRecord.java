package io.delivery.junit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * A record in the error output: it could not be processed or converted.
 *
 * @param code for example {@code Lambda.FunctionError}; of a conversion that of its last error
 * @param message why, for people
 * @param members everything that its line has, by the names that Firehose gives them
 */
public record ErrorRecord(String code, String message, Map<String, Object> members) {
    static ErrorRecord of(Map<String, Object> members) {
        return new ErrorRecord(
                text(members, "errorCode", "lastErrorCode"),
                text(members, "errorMessage", "lastErrorMessage"),
                members);
    }

    private static String text(Map<String, Object> members, String name, String ofConversions) {
        Object value = members.containsKey(name) ? members.get(name) : members.get(ofConversions);
        return value == null ? "" : value.toString();
    }

    /** The record as it was put. */
    public byte[] rawData() {
        return Base64.getDecoder().decode(String.valueOf(members.get("rawData")));
    }

    /** The same as UTF-8; what is no UTF-8 becomes the sign U+FFFD. */
    public String rawText() {
        return new String(rawData(), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "%s: %s, record: %s".formatted(code, message, Description.shortened(rawData()));
    }
}
