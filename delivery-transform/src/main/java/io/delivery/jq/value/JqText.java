package io.delivery.jq.value;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.function.Consumer;

/** Values as the text that jq 1.6 prints. */
public final class JqText {
    private static final String HEX = "0123456789abcdef";

    /** So many digits tell every double from all others. */
    private static final int MOST_DIGITS = 17;

    private static final long MANTISSA = (1L << 52) - 1;

    private JqText() {}

    /** A string as it is, anything else as its JSON: {@code tostring}. */
    public static String text(JsonNode value, Budget budget) {
        return value.isTextual() ? value.textValue() : json(value, budget);
    }

    /** {@code tojson}: no white space, members in their order. */
    public static String json(JsonNode value, Budget budget) {
        budget.chargeWeight(value);
        if (value.isNumber()) {
            return number(value);
        }
        StringBuilder out = new StringBuilder();
        writeJson(value, out, Budget.MOST_CHARACTERS, ignored -> {});
        budget.chargeText(out.length());
        return out.toString();
    }

    /**
     * The JSON of a value, all of it or more than so many characters.
     *
     * @param budget is charged for the numbers that are printed; the rest is as short as the text
     */
    static String beginning(JsonNode value, int characters, Budget budget) {
        StringBuilder out = new StringBuilder();
        writeJson(value, out, characters, budget::chargeBeginning);
        return out.toString();
    }

    /** Stops somewhere behind the most characters. */
    private static void writeJson(
            JsonNode value, StringBuilder out, int most, Consumer<JsonNode> numbers) {
        switch (value.getNodeType()) {
            case ARRAY -> {
                char separator = '[';
                for (JsonNode element : value) {
                    if (out.length() > most) {
                        return;
                    }
                    out.append(separator);
                    separator = ',';
                    writeJson(element, out, most, numbers);
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
                    writeString(member.getKey(), out, most);
                    out.append(':');
                    writeJson(member.getValue(), out, most, numbers);
                }
                out.append(separator == '{' ? "{}" : "}");
            }
            case STRING -> writeString(value.textValue(), out, most);
            case NUMBER -> {
                numbers.accept(value);
                out.append(value.isBigInteger() ? digits(value, most) : number(value));
            }
            case BOOLEAN -> out.append(value.booleanValue());
            case NULL -> out.append("null");
            case MISSING, BINARY, POJO -> throw new IllegalStateException("no value of jq's");
        }
    }

    /** The digits of an integer, all of them or more than the most, which are found sooner. */
    private static String digits(JsonNode integer, int most) {
        BigInteger value = integer.bigIntegerValue();
        // A bit is a little more than 0.30102 digits.
        long certain = value.bitLength() * 30_102L / 100_000;
        return certain <= most
                ? value.toString()
                : value.divide(BigInteger.TEN.pow((int) certain - 1 - most)).toString();
    }

    private static void writeString(String text, StringBuilder out, int most) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            if (out.length() > most) {
                return;
            }
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
                        out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
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

    /**
     * JDK 17's own {@code Double.toString} is not always the shortest (JDK-4511638). Where it has
     * no more than 15 digits it is, because no other number of so few reads back as the same
     * double; below the least normal double that does not hold.
     */
    private static BigDecimal shortest(double value) {
        if (value < Double.MIN_NORMAL) {
            return shortestOfSmall(value);
        }
        BigDecimal printed = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (printed.precision() <= Decimals.CERTAIN_DIGITS) {
            return printed;
        }
        BigDecimal near = near(value);
        for (int digits = Decimals.CERTAIN_DIGITS; digits < MOST_DIGITS; digits++) {
            BigDecimal closest = rounded(near, digits);
            if (closest.doubleValue() == value) {
                return closest.stripTrailingZeros();
            }
            if (isPowerOfTwo(value)) {
                BigDecimal above = near.round(new MathContext(digits, RoundingMode.UP));
                if (above.doubleValue() == value) {
                    return above.stripTrailingZeros();
                }
            }
        }
        return rounded(near, MOST_DIGITS).stripTrailingZeros();
    }

    /**
     * What reads back does so with more digits as well: they are closer, and all gaps are alike.
     */
    private static BigDecimal shortestOfSmall(double value) {
        BigDecimal near = near(value);
        int least = 1;
        int enough = MOST_DIGITS;
        while (least < enough) {
            int middle = (least + enough) >>> 1;
            if (rounded(near, middle).doubleValue() == value) {
                enough = middle;
            } else {
                least = middle + 1;
            }
        }
        return rounded(near, enough).stripTrailingZeros();
    }

    /**
     * The doubles below it are twice as close as those above: when the closest number of so many
     * digits is below it and does not read back, the next one above may.
     */
    private static boolean isPowerOfTwo(double value) {
        return (Double.doubleToRawLongBits(value) & MANTISSA) == 0;
    }

    private static BigDecimal rounded(BigDecimal number, int digits) {
        return number.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    /**
     * The first digits of a double, which has up to 767, and a 1 behind them for any others: it is
     * rounded to {@link #MOST_DIGITS} or fewer as all of them are.
     */
    private static BigDecimal near(double value) {
        BigDecimal exact = new BigDecimal(value);
        int dropped = exact.precision() - MOST_DIGITS - 2;
        if (dropped <= 0) {
            return exact;
        }
        BigInteger[] parts = exact.unscaledValue().divideAndRemainder(BigInteger.TEN.pow(dropped));
        int scale = exact.scale() - dropped;
        return parts[1].signum() == 0
                ? new BigDecimal(parts[0], scale)
                : new BigDecimal(parts[0].multiply(BigInteger.TEN).add(BigInteger.ONE), scale + 1);
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
