package io.delivery.jq.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.jq.expression.Constructions.Format;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.JqText;
import io.delivery.jq.value.Texts;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The formats {@code @csv}, {@code @uri} and so on. */
final class JqFormats {
    private static final String NOT_ESCAPED_IN_URIS = "-_.!~*'()";
    private static final String BASE64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private final Budget budget;

    JqFormats(Budget budget) {
        this.budget = budget;
    }

    /** Null when there is none of that name. */
    Format of(String name) {
        Format format =
                switch (name) {
                    case "text" -> this::text;
                    case "json" -> value -> JqText.json(value, budget);
                    case "csv" -> this::csv;
                    case "tsv" -> this::tsv;
                    case "sh" -> this::shell;
                    case "html" -> this::html;
                    case "uri" -> this::uri;
                    case "base64" -> this::base64;
                    case "base64d" -> this::base64Decoded;
                    default -> null;
                };
        return format == null ? null : value -> charged(format, value);
    }

    private String charged(Format format, JsonNode value) throws JqError {
        budget.chargeWeight(value);
        String text = format.of(value);
        budget.chargeText(text.length());
        return text;
    }

    private String text(JsonNode value) {
        return JqText.text(value, budget);
    }

    private String csv(JsonNode row) throws JqError {
        return cells(row, "csv", ',', "\"", c -> c == '"' ? "\"\"" : escaped(c));
    }

    private String tsv(JsonNode row) throws JqError {
        return cells(
                row,
                "tsv",
                '\t',
                "",
                c ->
                        switch (c) {
                            case '\\' -> "\\\\";
                            case '\t' -> "\\t";
                            case '\n' -> "\\n";
                            case '\r' -> "\\r";
                            default -> escaped(c);
                        });
    }

    /**
     * The cells of a row, one behind the other.
     *
     * @param quote around texts
     */
    private String cells(JsonNode row, String format, char separator, String quote, Escapes escapes)
            throws JqError {
        checkRow(row, format);
        StringBuilder out = new StringBuilder();
        boolean isFirst = true;
        for (JsonNode cell : row) {
            if (!isFirst) {
                out.append(separator);
            }
            isFirst = false;
            if (cell.isTextual()) {
                out.append(quote);
                append(cell.textValue(), escapes, out);
                out.append(quote);
            } else {
                appendScalar(cell, out);
            }
            checkLength(out.length());
        }
        return out.toString();
    }

    /** What stands for characters that cannot stand for themselves. */
    private interface Escapes {
        /** Null when it stands for itself. */
        String of(char c);
    }

    /** All of the text is charged at the end; one that becomes too long is not made to its end. */
    private void append(String text, Escapes escapes, StringBuilder out) {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            String escape = escapes.of(text.charAt(i));
            if (escape != null) {
                out.append(text, from, i).append(escape);
                checkLength(out.length());
                from = i + 1;
            }
        }
        checkLength((long) out.length() + text.length() - from);
        out.append(text, from, text.length());
    }

    private void checkLength(long characters) {
        if (characters > Budget.MOST_CHARACTERS) {
            budget.chargeText(characters);
        }
    }

    private static void checkRow(JsonNode row, String format) throws JqError {
        if (!row.isArray()) {
            throw JqError.of(row, "cannot be " + format + "-formatted, only array");
        }
    }

    /** Null and not a number are empty cells. */
    private void appendScalar(JsonNode cell, StringBuilder out) throws JqError {
        if (cell.isContainerNode()) {
            // Of tsv as well: f_format.
            throw JqError.of(cell, "is not valid in a csv row");
        }
        boolean isNan = cell.isDouble() && Double.isNaN(cell.doubleValue());
        if (!cell.isNull() && !isNan) {
            out.append(scalar(cell));
        }
    }

    private String shell(JsonNode value) throws JqError {
        StringBuilder out = new StringBuilder();
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                out.append(i > 0 ? " " : "");
                appendWord(value.get(i), out);
                checkLength(out.length());
            }
        } else {
            appendWord(value, out);
        }
        return out.toString();
    }

    private void appendWord(JsonNode value, StringBuilder out) throws JqError {
        if (value.isContainerNode()) {
            throw JqError.of(value, "can not be escaped for shell");
        }
        if (value.isTextual()) {
            out.append('\'');
            append(value.textValue(), c -> c == '\'' ? "'\\''" : escaped(c), out);
            out.append('\'');
        } else {
            out.append(scalar(value));
        }
    }

    /** The JSON of what is neither text nor container. It is charged with what it is in. */
    private static String scalar(JsonNode value) {
        return value.isNumber() ? JqText.number(value) : value.asText();
    }

    private String html(JsonNode value) {
        StringBuilder out = new StringBuilder();
        append(
                text(value),
                c ->
                        switch (c) {
                            case '&' -> "&amp;";
                            case '<' -> "&lt;";
                            case '>' -> "&gt;";
                            case '\'' -> "&apos;";
                            case '"' -> "&quot;";
                            default -> escaped(c);
                        },
                out);
        return out.toString();
    }

    private String uri(JsonNode value) {
        StringBuilder out = new StringBuilder();
        for (byte b : text(value).getBytes(StandardCharsets.UTF_8)) {
            boolean alphanumeric =
                    b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
            if (alphanumeric || NOT_ESCAPED_IN_URIS.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append('%').append(hexDigit(b >> 4)).append(hexDigit(b));
            }
            checkLength(out.length());
        }
        return out.toString();
    }

    /** Formats that escape something escape the character U+0000, too: {@code escape_string}. */
    private static String escaped(char c) {
        return c == '\0' ? "\\0" : null;
    }

    private static char hexDigit(int value) {
        return "0123456789ABCDEF".charAt(value & 0xf);
    }

    private String base64(JsonNode value) {
        byte[] bytes = text(value).getBytes(StandardCharsets.UTF_8);
        checkLength((bytes.length + 2L) / 3 * 4);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Up to the first {@code =}, whatever is behind it: {@code f_format} of jq 1.6. */
    private String base64Decoded(JsonNode value) throws JqError {
        String text = text(value);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int bits = 0;
        int code = 0;
        for (int i = 0; i < text.length() && text.charAt(i) != '='; i++) {
            int digit = BASE64.indexOf(text.charAt(i));
            if (digit < 0) {
                throw JqError.of(TextNode.valueOf(text), "is not valid base64 data");
            }
            code = code << 6 | digit;
            bits += 6;
            if (bits >= 8) {
                bits -= 8;
                bytes.write(code >> bits);
            }
        }
        if (bits == 6) {
            throw JqError.of(TextNode.valueOf(text), "trailing base64 byte found");
        }
        return Texts.fromUtf8(bytes.toByteArray());
    }
}
