package io.delivery.jq.value;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;

/** Values as the text that jq 1.6 prints. */
public final class JqText {
    private JqText() {}

    /** A string as it is, anything else as its JSON: {@code tostring}. */
    public static String text(JsonNode value, Budget budget) {
        return value.isTextual() ? value.textValue() : json(value, budget);
    }

    /** {@code tojson}: no white space, members in their order. */
    public static String json(JsonNode value, Budget budget) {
        if (value.isNumber()) {
            return number(value);
        }
        budget.chargeWeight(value);
        StringBuilder out = new StringBuilder();
        writeJson(value, out, Budget.MOST_CHARACTERS);
        budget.chargeText(out.length());
        return out.toString();
    }

    /** The JSON of a value, all of it or more than so many characters. */
    static String beginning(JsonNode value, int characters) {
        StringBuilder out = new StringBuilder();
        writeJson(value, out, characters);
        return out.toString();
    }

    /** Stops somewhere behind the most characters. */
    private static void writeJson(JsonNode value, StringBuilder out, int most) {
        switch (value.getNodeType()) {
            case ARRAY -> {
                char separator = '[';
                for (JsonNode element : value) {
                    if (out.length() > most) {
                        return;
                    }
                    out.append(separator);
                    separator = ',';
                    writeJson(element, out, most);
                }
                out.append(separator == '[' ? "[]" : "]");
            }
            case OBJECT -> {
                char separator = '{';
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    if (out.length() > most) {
                        return;
                    }
                    out.append(separator);
                    separator = ',';
                    writeString(member.getKey(), out);
                    out.append(':');
                    writeJson(member.getValue(), out, most);
                }
                out.append(separator == '{' ? "{}" : "}");
            }
            case STRING -> writeString(value.textValue(), out);
            case NUMBER -> out.append(number(value));
            case BOOLEAN -> out.append(value.booleanValue());
            case NULL -> out.append("null");
            case MISSING, BINARY, POJO -> throw new IllegalStateException("no value of jq's");
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
    public static String number(JsonNode value) {
        return value.isIntegralNumber() ? value.asText() : number(value.doubleValue());
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
        if (Math.abs(finite) < 1e15 && finite == Math.rint(finite)) {
            return Long.toString((long) finite);
        }
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
    public static String withoutLoneSurrogates(String text) {
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
}
