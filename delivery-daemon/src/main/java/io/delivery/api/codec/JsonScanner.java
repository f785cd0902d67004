package io.delivery.api.codec;

import io.delivery.api.ApiException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads strict JSON (RFC 8259) from bytes, one value after the other, without objects. Escapes are
 * resolved in place, so the bytes it was given are changed; a resolved escape is never longer than
 * its text. Every method throws a SerializationException ({@link ApiException}) where the text is
 * not what was asked for. Not thread-safe.
 */
public final class JsonScanner {
    /** Deepest nesting that is followed; ours, Firehose's own is not known. */
    static final int MAX_DEPTH = 100;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final byte LOWEST_OF_BASE64 = '+';

    private final byte[] in;
    private final int end;
    private int at;
    private int depth;
    private boolean fresh;
    private int textStart;
    private int textEnd;

    /** What the next value is. */
    public enum Kind {
        STRING("STRING_VALUE"),
        NUMBER("NUMBER_VALUE"),
        OBJECT("START_OBJECT"),
        ARRAY("START_ARRAY"),
        TRUE("TRUE_VALUE"),
        FALSE("FALSE_VALUE"),
        NULL("NULL_VALUE");

        private final String wire;

        Kind(String wire) {
            this.wire = wire;
        }
    }

    public JsonScanner(byte[] in, int offset, int length) {
        this.in = in;
        this.at = offset;
        this.end = offset + length;
    }

    /** Looks at the next value without reading it. */
    public Kind peek() {
        skipSpace();
        if (at >= end) {
            throw malformed("Unexpected end of the document");
        }
        switch (in[at]) {
            case '"':
                return Kind.STRING;
            case '{':
                return Kind.OBJECT;
            case '[':
                return Kind.ARRAY;
            case 't':
                return Kind.TRUE;
            case 'f':
                return Kind.FALSE;
            case 'n':
                return Kind.NULL;
            default:
                if (in[at] == '-' || isDigit(in[at])) {
                    return Kind.NUMBER;
                }
                throw malformed("Not JSON");
        }
    }

    /** Enters an object; {@link #nextMember} follows. */
    public void enterObject() {
        Kind kind = peek();
        if (kind == Kind.ARRAY) {
            throw ApiException.serialization("Start of list found where not expected");
        }
        if (kind != Kind.OBJECT) {
            throw ApiException.serialization(kind.wire + " can not be converted to a structure");
        }
        enter();
    }

    /** Enters an array; {@link #nextElement} follows. */
    public void enterArray() {
        Kind kind = peek();
        if (kind == Kind.OBJECT) {
            throw ApiException.serialization("Start of structure or map found where not expected.");
        }
        if (kind != Kind.ARRAY) {
            throw ApiException.serialization(kind.wire + " can not be converted to a list");
        }
        enter();
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw malformed("Nested deeper than " + MAX_DEPTH + " levels");
        }
        at++;
        fresh = true;
    }

    /**
     * Moves to the next member of the object entered last and reads its name, which {@link #textIs}
     * compares. Returns false behind the last one, having left the object.
     */
    public boolean nextMember() {
        if (leaveOrComma((byte) '}')) {
            return false;
        }
        if (at >= end || in[at] != '"') {
            throw malformed("Expected a member's name");
        }
        readText();
        skipSpace();
        if (at >= end || in[at] != ':') {
            throw malformed("Expected ':' behind a member's name");
        }
        at++;
        return true;
    }

    /** Moves to the next element of the array entered last; false behind the last one. */
    public boolean nextElement() {
        return !leaveOrComma((byte) ']');
    }

    private boolean leaveOrComma(byte close) {
        skipSpace();
        if (at >= end) {
            throw malformed("Unexpected end of the document");
        }
        boolean first = fresh;
        fresh = false;
        if (in[at] == close) {
            at++;
            depth--;
            return true;
        }
        if (!first) {
            if (in[at] != ',') {
                throw malformed("Expected ',' or '" + (char) close + "'");
            }
            at++;
            skipSpace();
        }
        return false;
    }

    /** Reads a null if one is next. */
    public boolean readNull() {
        if (peek() != Kind.NULL) {
            return false;
        }
        literal("null");
        return true;
    }

    /** Reads a string; its UTF-8 bytes are then between {@link #textStart} and {@link #textEnd}. */
    public void readString() {
        Kind kind = peek();
        if (kind == Kind.OBJECT) {
            throw ApiException.serialization("Start of structure or map found where not expected.");
        }
        if (kind == Kind.ARRAY) {
            throw ApiException.serialization("Start of list found where not expected");
        }
        if (kind != Kind.STRING) {
            throw ApiException.serialization(kind.wire + " can not be converted to a String");
        }
        readText();
    }

    /**
     * Looks at the string that is next as if nothing in it were escaped, up to the first byte that
     * no letter of base64 is as low as. Where that is a quote, the text is between {@link
     * #textStart} and {@link #textEnd}; nothing of it was checked, and nothing is read. Whoever has
     * found only ASCII letters and digits, {@code + / =} in it goes on with {@link #takeText},
     * everybody else with {@link #readString}.
     *
     * @return whether it is a string that ends in such a way
     */
    boolean peekText() {
        if (peek() != Kind.STRING) {
            return false;
        }
        int i = at + 1;
        while (i <= end - 4 * Long.BYTES
                && (low(i)
                                | low(i + Long.BYTES)
                                | low(i + 2 * Long.BYTES)
                                | low(i + 3 * Long.BYTES))
                        == 0) {
            i += 4 * Long.BYTES;
        }
        while (i <= end - Long.BYTES) {
            long low = low(i);
            if (low != 0) {
                i += Long.numberOfTrailingZeros(low) / Byte.SIZE;
                break;
            }
            i += Long.BYTES;
        }
        while (i < end && (in[i] >= LOWEST_OF_BASE64 || in[i] < 0)) {
            i++;
        }
        textStart = at + 1;
        textEnd = i;
        return i < end && in[i] == '"';
    }

    /**
     * The high bit of each of eight bytes that is ASCII and below all of base64; the first is
     * exact.
     */
    private long low(int from) {
        long x = (long) LONG.get(in, from);
        return (x - ONES * LOWEST_OF_BASE64) & ~x & HIGHS;
    }

    /** Reads what {@link #peekText} has found. */
    void takeText() {
        at = textEnd + 1;
    }

    /** Reads a whole number of 32 bits. */
    public int readInteger() {
        Kind kind = peek();
        if (kind != Kind.NUMBER) {
            throw ApiException.serialization(kind.wire + " can not be converted to an Integer");
        }
        int start = at;
        number();
        try {
            return Integer.parseInt(new String(in, start, at - start, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException notAnInteger) {
            throw ApiException.serialization("NUMBER_VALUE can not be converted to an Integer");
        }
    }

    public int textStart() {
        return textStart;
    }

    public int textEnd() {
        return textEnd;
    }

    /** The text read last. */
    public String text() {
        return new String(in, textStart, textEnd - textStart, StandardCharsets.UTF_8);
    }

    /** Whether the text read last is this ASCII word. */
    public boolean textIs(String word) {
        if (textEnd - textStart != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (in[textStart + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Reads the next value, whatever it is, and forgets it. */
    public void skip() {
        switch (peek()) {
            case STRING -> readText();
            case NUMBER -> number();
            case TRUE -> literal("true");
            case FALSE -> literal("false");
            case NULL -> literal("null");
            case OBJECT -> {
                enter();
                while (nextMember()) {
                    skip();
                }
            }
            case ARRAY -> {
                enter();
                while (nextElement()) {
                    skip();
                }
            }
        }
    }

    /** Makes sure that nothing follows. */
    public void finish() {
        skipSpace();
        if (at < end) {
            throw malformed("Text behind the end of the document");
        }
    }

    private void readText() {
        at++;
        textStart = at;
        int i = plainPrefix(at);
        boolean ascii = true;
        boolean escaped = false;
        while (true) {
            if (i >= end) {
                throw malformed("Unexpected end of the document");
            }
            byte b = in[i];
            if (b == '"') {
                break;
            }
            if (b < 0) {
                ascii = false;
            } else if (b < ' ') {
                throw malformed("A control character inside a string");
            } else if (b == '\\') {
                escaped = true;
                i++; // an escaped quote does not end the string
            }
            i++;
        }
        textEnd = i;
        at = i + 1;
        if (!ascii) {
            JsonText.checkUtf8(in, textStart, textEnd);
        }
        if (escaped) {
            textEnd = JsonText.unescape(in, textStart, textEnd);
        }
    }

    /** Eight bytes at a time up to the first quote, backslash, control or non-ASCII byte. */
    private int plainPrefix(int from) {
        int i = from;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long x = (long) LONG.get(in, i);
            long quote = x ^ (ONES * '"');
            long backslash = x ^ (ONES * '\\');
            long special =
                    ((quote - ONES) & ~quote)
                            | ((backslash - ONES) & ~backslash)
                            | ((x - ONES * ' ') & ~x)
                            | x;
            if ((special & HIGHS) != 0) {
                return i; // byte by byte from here
            }
        }
        return i;
    }

    private void number() {
        if (in[at] == '-') {
            at++;
        }
        if (at < end && in[at] == '0') {
            at++;
        } else {
            digits();
        }
        if (at < end && in[at] == '.') {
            at++;
            digits();
        }
        if (at < end && (in[at] == 'e' || in[at] == 'E')) {
            at++;
            if (at < end && (in[at] == '+' || in[at] == '-')) {
                at++;
            }
            digits();
        }
    }

    private void digits() {
        int start = at;
        while (at < end && isDigit(in[at])) {
            at++;
        }
        if (at == start) {
            throw malformed("Not a number");
        }
    }

    private void literal(String word) {
        for (int i = 0; i < word.length(); i++, at++) {
            if (at >= end || in[at] != word.charAt(i)) {
                throw malformed("Not JSON");
            }
        }
    }

    private void skipSpace() {
        while (at < end && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static ApiException malformed(String what) {
        return ApiException.serialization(what);
    }
}
