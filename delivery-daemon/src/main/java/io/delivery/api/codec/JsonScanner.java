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
     * Decodes the string that is next if it is base64 without an escape and has room; its text
     * cannot be asked for then. Otherwise nothing is read.
     *
     * @param room how many bytes may be written
     * @return how many bytes were written; -1 when nothing was read
     */
    int readBase64(byte[] out, int outAt, int room) {
        if (peek() != Kind.STRING) {
            return -1;
        }
        int length = Base64Text.decodeQuoted(in, at + 1, end, out, outAt, room);
        if (length >= 0) {
            at += Base64Text.encodedLength(length) + 2;
        }
        return length;
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
            checkUtf8(textStart, textEnd);
        }
        if (escaped) {
            unescape();
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

    private void unescape() {
        int to = textStart;
        int from = textStart;
        while (from < textEnd) {
            byte b = in[from++];
            if (b != '\\') {
                in[to++] = b;
                continue;
            }
            switch (from < textEnd ? in[from++] : 0) {
                case '"' -> in[to++] = '"';
                case '\\' -> in[to++] = '\\';
                case '/' -> in[to++] = '/';
                case 'b' -> in[to++] = '\b';
                case 'f' -> in[to++] = '\f';
                case 'n' -> in[to++] = '\n';
                case 'r' -> in[to++] = '\r';
                case 't' -> in[to++] = '\t';
                case 'u' -> {
                    int unit = hex4(from);
                    from += 4;
                    int codePoint = unit;
                    if (Character.isHighSurrogate((char) unit)
                            && from + 6 <= textEnd
                            && in[from] == '\\'
                            && in[from + 1] == 'u') {
                        int low = hex4(from + 2);
                        if (Character.isLowSurrogate((char) low)) {
                            codePoint = Character.toCodePoint((char) unit, (char) low);
                            from += 6;
                        }
                    }
                    to = putUtf8(codePoint, to);
                }
                default -> throw malformed("An unknown escape inside a string");
            }
        }
        textEnd = to;
    }

    private int hex4(int from) {
        if (from + 4 > textEnd) {
            throw malformed("An incomplete escape inside a string");
        }
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = in[i] < 0 ? -1 : Character.digit(in[i], 16);
            if (digit < 0) {
                throw malformed("An incomplete escape inside a string");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** A lone surrogate becomes three bytes that are no UTF-8: nothing of ours matches it. */
    private int putUtf8(int codePoint, int to) {
        int i = to;
        if (codePoint < 0x80) {
            in[i++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            in[i++] = (byte) (0xC0 | codePoint >> 6);
            in[i++] = (byte) (0x80 | codePoint & 0x3F);
        } else if (codePoint < 0x10000) {
            in[i++] = (byte) (0xE0 | codePoint >> 12);
            in[i++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
            in[i++] = (byte) (0x80 | codePoint & 0x3F);
        } else {
            in[i++] = (byte) (0xF0 | codePoint >> 18);
            in[i++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
            in[i++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
            in[i++] = (byte) (0x80 | codePoint & 0x3F);
        }
        return i;
    }

    private void checkUtf8(int from, int to) {
        int i = from;
        while (i < to) {
            byte b = in[i++];
            if (b >= 0) {
                continue;
            }
            int more;
            int codePoint;
            int least;
            if ((b & 0xE0) == 0xC0) {
                more = 1;
                codePoint = b & 0x1F;
                least = 0x80;
            } else if ((b & 0xF0) == 0xE0) {
                more = 2;
                codePoint = b & 0x0F;
                least = 0x800;
            } else if ((b & 0xF8) == 0xF0) {
                more = 3;
                codePoint = b & 0x07;
                least = 0x10000;
            } else {
                throw malformed("Not UTF-8");
            }
            for (; more > 0; more--) {
                if (i >= to || (in[i] & 0xC0) != 0x80) {
                    throw malformed("Not UTF-8");
                }
                codePoint = codePoint << 6 | in[i++] & 0x3F;
            }
            boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
            if (codePoint < least || codePoint > 0x10FFFF || surrogate) {
                throw malformed("Not UTF-8");
            }
        }
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

    private ApiException malformed(String what) {
        return ApiException.serialization(what);
    }
}
