package io.delivery.jq.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.record.Utf8Text;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;

/**
 * Reads one JSON value behind the other from UTF-8, as jq 1.6 reads them ({@code jv_parse.c}):
 * numbers as C's strtod takes them ({@code 007}, {@code .5}, {@code 1.}, {@code +1}, {@code
 * -Infinity}, {@code NaN}), names and texts of any length, of duplicate members the last; U+001E
 * between values is like white space.
 *
 * <p>Unlike there, integers keep their digits, values may be nested deeper, bytes that are no UTF-8
 * are refused, half of a surrogate pair becomes U+FFFD, and a value that U+001E cuts short is
 * refused, not passed over.
 */
public final class JsonReader {
    /** Arrays and objects within each other. */
    public static final int MOST_NESTED = 1_000;

    /** Of an integer; one with more is read as a double. */
    public static final int MOST_DIGITS = 1_000;

    /** May stand between values, as in RFC 7464. */
    private static final byte RECORD_SEPARATOR = 0x1e;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** So many digits fit a long whatever they are. */
    private static final int DIGITS_OF_A_LONG = 18;

    /** In fewer it does not matter what their hash codes are. */
    private static final int MANY_NAMES = 512;

    private static final int SAMPLE = 64;

    private static final boolean[] ENDS_LITERAL = new boolean[256];

    static {
        for (byte b : "\"[]{},: \n\t\r\u001e".getBytes(StandardCharsets.ISO_8859_1)) {
            ENDS_LITERAL[b] = true;
        }
    }

    private final byte[] bytes;
    private final int begin;
    private final int end;
    private final NameCache names;

    /** Behind here the array has less than eight bytes. */
    private final int lastWord;

    private int at;
    private int nested;
    private boolean hasAlikeNames;

    /** Text that is no JSON, with the place in bytes where this was found. */
    public static final class NotJsonException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int place;

        private NotJsonException(String problem, int place) {
            super(problem, null, false, false);
            this.place = place;
        }

        /** In bytes from the begin. */
        public int place() {
            return place;
        }
    }

    /** Reads what is between two places. A byte order mark at the begin is skipped. */
    public JsonReader(byte[] bytes, int begin, int end) {
        this(bytes, begin, end, null);
    }

    /**
     * Reads what is between two places. A byte order mark at the begin is skipped.
     *
     * @param names that others like it had; null when nobody keeps them
     */
    public JsonReader(byte[] bytes, int begin, int end, NameCache names) {
        this.names = names;
        this.lastWord = bytes.length - Long.BYTES;
        this.bytes = bytes;
        this.begin = begin;
        this.end = end;
        boolean marked =
                end - begin >= 3
                        && bytes[begin] == (byte) 0xEF
                        && bytes[begin + 1] == (byte) 0xBB
                        && bytes[begin + 2] == (byte) 0xBF;
        this.at = begin + (marked ? 3 : 0);
    }

    /** The next value; null when there is none left. */
    public JsonNode next() throws NotJsonException {
        while (at < end && (isSpace(bytes[at]) || bytes[at] == RECORD_SEPARATOR)) {
            at++;
        }
        return at == end ? null : value();
    }

    private NotJsonException wrong(String problem) {
        return new NotJsonException(problem, at - begin);
    }

    private void skipSpaces() {
        while (at < end && isSpace(bytes[at])) {
            at++;
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\t' || b == '\r';
    }

    /** The byte that comes next behind white space; at the end, a zero, which is nowhere right. */
    private byte peek() {
        skipSpaces();
        return at < end ? bytes[at] : 0;
    }

    private JsonNode value() throws NotJsonException {
        switch (peek()) {
            case '"' -> {
                return TextNode.valueOf(string());
            }
            case '{' -> {
                return object();
            }
            case '[' -> {
                return array();
            }
            default -> {
                return literal();
            }
        }
    }

    private void enter() throws NotJsonException {
        if (++nested > MOST_NESTED) {
            throw wrong("nested deeper than " + MOST_NESTED);
        }
        at++;
    }

    private JsonNode object() throws NotJsonException {
        enter();
        ObjectNode object = NODES.objectNode();
        if (peek() == '}') {
            at++;
            nested--;
            return object;
        }
        while (true) {
            if (peek() != '"') {
                throw wrong("expected a name");
            }
            String name = name();
            if (peek() != ':') {
                throw wrong("expected a colon");
            }
            at++;
            object.set(name, value());
            byte next = peek();
            if (next != ',' && next != '}') {
                throw wrong("expected a comma or the end of the object");
            }
            at++;
            if (next == '}') {
                nested--;
                hasAlikeNames |= object.size() >= MANY_NAMES && areAlike(object);
                return object;
            }
        }
    }

    /** Whether many names have one hash code, as somebody may make them: a sample tells. */
    private static boolean areAlike(ObjectNode object) {
        int[] sample = new int[SAMPLE];
        int apart = object.size() / SAMPLE;
        int index = 0;
        Iterator<String> names = object.fieldNames();
        for (int i = 0; i < apart * SAMPLE; i++) {
            String name = names.next();
            if (i % apart == 0) {
                sample[index++] = name.hashCode();
            }
        }
        Arrays.sort(sample);
        int alike = 0;
        for (int i = 1; i < SAMPLE; i++) {
            alike += sample[i] == sample[i - 1] ? 1 : 0;
        }
        return alike > SAMPLE / 8;
    }

    /** Whether an object that was read has many names with one hash code. */
    public boolean hasAlikeNames() {
        return hasAlikeNames;
    }

    private JsonNode array() throws NotJsonException {
        enter();
        ArrayNode array = NODES.arrayNode();
        if (peek() == ']') {
            at++;
            nested--;
            return array;
        }
        while (true) {
            array.add(value());
            byte next = peek();
            if (next != ',' && next != ']') {
                throw wrong("expected a comma or the end of the array");
            }
            at++;
            if (next == ']') {
                nested--;
                return array;
            }
        }
    }

    // Texts ---------------------------------------------------------------------------------------

    private String string() throws NotJsonException {
        int from = ++at;
        boolean isAscii = pass();
        if (bytes[at] == '\\') {
            return stringWithEscapes(from);
        }
        String text = decoded(from, at, isAscii);
        at++;
        return text;
    }

    private String name() throws NotJsonException {
        int from = at + 1;
        if (names == null) {
            return string();
        }
        at++;
        boolean isAscii = pass();
        if (bytes[at] == '\\') {
            return stringWithEscapes(from);
        }
        String name = names.find(bytes, from, at);
        if (name == null) {
            name = decoded(from, at, isAscii);
            names.keep(bytes, from, at, name);
        }
        at++;
        return name;
    }

    /**
     * Goes on to the next quote or backslash of a text.
     *
     * @return whether there is nothing but ASCII before it
     */
    private boolean pass() throws NotJsonException {
        long all = 0;
        while (at < end) {
            if (at <= lastWord) {
                long word = Words.at(bytes, at);
                long special = Words.specialAscii(word);
                if (special == 0) {
                    all |= word;
                    at += Long.BYTES;
                    continue;
                }
                int plain = Words.before(special);
                all |= word & (1L << plain * Byte.SIZE) - 1;
                at += plain;
                if (at >= end) {
                    break;
                }
            }
            byte b = bytes[at];
            if (b == '"' || b == '\\') {
                return Words.isAscii(all);
            }
            checkCharacter(b);
            all |= b;
            at++;
        }
        at = end;
        throw wrong("a text does not end");
    }

    /** jq takes U+001F unescaped, but none below: {@code found_string}. */
    private void checkCharacter(byte b) throws NotJsonException {
        if (b >= 0 && b < 0x1f) {
            throw wrong("a control character in a text");
        }
    }

    private String stringWithEscapes(int begun) throws NotJsonException {
        StringBuilder text = new StringBuilder();
        int from = begun;
        at = begun;
        while (true) {
            boolean isAscii = pass();
            text.append(decoded(from, at, isAscii));
            at++;
            if (bytes[at - 1] == '"') {
                return JqText.withoutLoneSurrogates(text.toString());
            }
            text.append(escaped());
            from = at;
        }
    }

    private char escaped() throws NotJsonException {
        byte b = at < end ? bytes[at++] : 0;
        return switch (b) {
            case '"', '\\', '/' -> (char) b;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = at < end ? Character.digit(bytes[at], 16) : -1;
                    if (digit < 0) {
                        throw wrong("an escape of less than four hexadecimal digits");
                    }
                    code = code * 16 + digit;
                    at++;
                }
                yield (char) code;
            }
            default -> throw wrong("an unknown escape in a text");
        };
    }

    private String decoded(int from, int to, boolean isAscii) throws NotJsonException {
        if (isAscii) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
        if (Utf8Text.firstInvalid(bytes, from, to - from) >= 0) {
            throw new NotJsonException("not in UTF-8", from - begin);
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    // Everything else -----------------------------------------------------------------------------

    private JsonNode literal() throws NotJsonException {
        int from = at;
        while (at < end && !ENDS_LITERAL[bytes[at] & 0xFF]) {
            at++;
        }
        byte first = at == from ? 0 : bytes[from];
        JsonNode value =
                switch (first) {
                    case 't' -> is("true", from) ? BooleanNode.TRUE : null;
                    case 'f' -> is("false", from) ? BooleanNode.FALSE : null;
                    case 'n' -> is("null", from) ? NullNode.getInstance() : null; // nan, too
                    default -> number(from);
                };
        if (value == null) {
            at = from;
            throw wrong("expected a value");
        }
        return value;
    }

    private boolean is(String word, int from) {
        if (at - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Null when it is none. */
    private JsonNode number(int from) {
        int digit = from;
        boolean negative = from < at && bytes[from] == '-';
        if (negative || from < at && bytes[from] == '+') {
            digit++;
        }
        int digits = digit;
        long value = 0;
        while (digit < at && isDigit(bytes[digit])) {
            value = value * 10 + (bytes[digit] - '0');
            digit++;
        }
        int count = digit - digits;
        if (digit < at) {
            return isDecimal(digits)
                    ? DoubleNode.valueOf(decimal(from))
                    : special(digits, negative);
        }
        if (count == 0) {
            return null;
        }
        if (count <= DIGITS_OF_A_LONG) {
            boolean negativeZero = negative && value == 0;
            return negativeZero
                    ? DoubleNode.valueOf(-0.0)
                    : Arithmetic.integer(negative ? -value : value);
        }
        if (count > MOST_DIGITS) {
            return DoubleNode.valueOf(decimal(from));
        }
        BigInteger integer = new BigInteger(ascii(from));
        return integer.bitLength() < Long.SIZE
                ? integer(integer.longValue(), negative)
                : BigIntegerNode.valueOf(integer);
    }

    private static JsonNode integer(long value, boolean negative) {
        return value == 0 && negative ? DoubleNode.valueOf(-0.0) : Arithmetic.integer(value);
    }

    /** Digits with a point or an exponent, up to the end of the literal. */
    private boolean isDecimal(int from) {
        int i = from;
        int digits = 0;
        while (i < at && isDigit(bytes[i])) {
            i++;
            digits++;
        }
        if (i < at && bytes[i] == '.') {
            i++;
            while (i < at && isDigit(bytes[i])) {
                i++;
                digits++;
            }
        }
        if (digits > 0 && i < at && (bytes[i] == 'e' || bytes[i] == 'E')) {
            i++;
            if (i < at && (bytes[i] == '+' || bytes[i] == '-')) {
                i++;
            }
            if (i == at) {
                return false;
            }
            while (i < at && isDigit(bytes[i])) {
                i++;
            }
        }
        return digits > 0 && i == at;
    }

    private double decimal(int from) {
        return Decimals.of(bytes, from, at);
    }

    /** NaN and the infinities, in any case of their letters. */
    private JsonNode special(int from, boolean negative) {
        if (at - from > "infinity".length()) {
            return null;
        }
        return switch (ascii(from).toLowerCase(Locale.ROOT)) {
            case "nan" -> DoubleNode.valueOf(Double.NaN);
            case "inf", "infinity" ->
                    DoubleNode.valueOf(
                            negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
            default -> null;
        };
    }

    private String ascii(int from) {
        return new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
