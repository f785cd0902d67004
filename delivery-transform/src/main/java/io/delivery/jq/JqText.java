package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.Map;

/** Values as the text that jq 1.6 prints. */
final class JqText {
    private JqText() {}

    /** A string as it is, anything else as its JSON: {@code tostring}. */
    static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : json(value);
    }

    /** {@code tojson}: no white space, members in their order. */
    static String json(JsonNode value) {
        StringBuilder out = new StringBuilder();
        writeJson(value, out);
        return out.toString();
    }

    private static void writeJson(JsonNode value, StringBuilder out) {
        switch (value.getNodeType()) {
            case ARRAY -> {
                out.append('[');
                for (int i = 0; i < value.size(); i++) {
                    if (i > 0) {
                        out.append(',');
                    }
                    writeJson(value.get(i), out);
                }
                out.append(']');
            }
            case OBJECT -> {
                out.append('{');
                Iterator<Map.Entry<String, JsonNode>> members = value.properties().iterator();
                while (members.hasNext()) {
                    Map.Entry<String, JsonNode> member = members.next();
                    writeString(member.getKey(), out);
                    out.append(':');
                    writeJson(member.getValue(), out);
                    if (members.hasNext()) {
                        out.append(',');
                    }
                }
                out.append('}');
            }
            case STRING -> writeString(value.textValue(), out);
            case NUMBER -> out.append(number(value));
            case BOOLEAN -> out.append(value.booleanValue());
            default -> out.append("null");
        }
    }

    private static void writeString(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    // jq escapes DEL as well: jvp_dump_string.
                    if (c < ' ' || c == 0x7f) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Integers with all their digits; other numbers as jq 1.6 prints a double. */
    static String number(JsonNode value) {
        return value.isIntegralNumber() ? value.asText() : number(value.asDouble());
    }

    /**
     * The shortest digits that read back as the same double, with an exponent where David Gay's
     * {@code freedtoa} format as used by jq 1.6 has one: 100000, 1e+17, 0.0001, 1e-05. NaN is null,
     * infinity the largest double.
     */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "null";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        double finite = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
        BigDecimal shortest = shortest(Math.abs(finite));
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        StringBuilder out = new StringBuilder(value < 0 ? "-" : "");
        if (point <= -4 || point > digits.length() + 15) {
            out.append(digits.charAt(0));
            if (digits.length() > 1) {
                out.append('.').append(digits, 1, digits.length());
            }
            int exponent = point - 1;
            out.append('e').append(exponent < 0 ? '-' : '+');
            return out.append(Math.abs(exponent) < 10 ? "0" : "")
                    .append(Math.abs(exponent))
                    .toString();
        }
        if (point <= 0) {
            return out.append("0.").append("0".repeat(-point)).append(digits).toString();
        }
        if (point >= digits.length()) {
            return out.append(digits).append("0".repeat(point - digits.length())).toString();
        }
        return out.append(digits, 0, point)
                .append('.')
                .append(digits, point, digits.length())
                .toString();
    }

    /** JDK 17's own {@code Double.toString} is not always the shortest (JDK-4511638). */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        int least = value < Double.MIN_NORMAL ? 1 : 15;
        for (int precision = least; precision < 17; precision++) {
            BigDecimal rounded = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }

    /** Half of a surrogate pair is no character; jq replaces it by U+FFFD, and so does this. */
    static String withoutLoneSurrogates(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return replaceLoneSurrogates(text);
            }
        }
        return text;
    }

    private static String replaceLoneSurrogates(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    /** Whether the integer fits a long, so that arithmetic on it is exact. */
    static boolean isExact(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong();
    }
}
