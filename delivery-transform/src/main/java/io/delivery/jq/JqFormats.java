package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** The formats {@code @csv}, {@code @uri} and so on. */
final class JqFormats {
    private static final String NOT_ESCAPED_IN_URIS = "-_.!~*'()";

    private JqFormats() {}

    static String csv(JsonNode row) throws JsonQueryException {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (JsonNode cell : cells(row, "csv")) {
            if (!first) {
                out.append(',');
            }
            first = false;
            if (cell.isTextual()) {
                out.append('"').append(cell.textValue().replace("\"", "\"\"")).append('"');
            } else {
                out.append(scalar(cell, "csv"));
            }
        }
        return out.toString();
    }

    static String tsv(JsonNode row) throws JsonQueryException {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (JsonNode cell : cells(row, "tsv")) {
            if (!first) {
                out.append('\t');
            }
            first = false;
            if (cell.isTextual()) {
                out.append(
                        cell.textValue()
                                .replace("\\", "\\\\")
                                .replace("\t", "\\t")
                                .replace("\n", "\\n")
                                .replace("\r", "\\r"));
            } else {
                out.append(scalar(cell, "tsv"));
            }
        }
        return out.toString();
    }

    static String shell(JsonNode value) throws JsonQueryException {
        if (!value.isArray()) {
            return shellWord(value);
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < value.size(); i++) {
            out.append(i > 0 ? " " : "").append(shellWord(value.get(i)));
        }
        return out.toString();
    }

    private static String shellWord(JsonNode value) throws JsonQueryException {
        if (value.isContainerNode()) {
            throw new JsonQueryException("an array or object can not be escaped for shell");
        }
        return value.isTextual()
                ? "'" + value.textValue().replace("'", "'\\''") + "'"
                : JqText.json(value);
    }

    static String html(JsonNode value) {
        return JqText.text(value)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&apos;")
                .replace("\"", "&quot;");
    }

    static String uri(JsonNode value) {
        StringBuilder out = new StringBuilder();
        for (byte b : JqText.text(value).getBytes(StandardCharsets.UTF_8)) {
            boolean alphanumeric =
                    b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
            if (alphanumeric || NOT_ESCAPED_IN_URIS.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append(String.format("%%%02X", b & 0xff));
            }
        }
        return out.toString();
    }

    static String base64(JsonNode value) {
        byte[] bytes = JqText.text(value).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(bytes);
    }

    static String base64Decoded(JsonNode value) throws JsonQueryException {
        String text = JqText.text(value);
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            throw new JsonQueryException("the text is not valid base64 data");
        }
    }

    private static JsonNode cells(JsonNode row, String format) throws JsonQueryException {
        if (!row.isArray()) {
            throw new JsonQueryException(
                    "the value cannot be " + format + "-formatted, only an array can be");
        }
        return row;
    }

    private static String scalar(JsonNode cell, String format) throws JsonQueryException {
        if (cell.isContainerNode()) {
            throw new JsonQueryException("the value is not valid in a " + format + " row");
        }
        return cell.isNull() ? "" : JqText.json(cell);
    }
}
