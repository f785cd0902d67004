package io.delivery.erroroutput;

import io.delivery.record.Base64Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes of lines being made, in memory that is used again. Not thread-safe. Writes the few pieces
 * of JSON that error records need.
 */
public final class LineBuffer {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    /** UTF-8 of one UTF-16 unit, or its escape: at most so many bytes. */
    static final int MAX_BYTES_PER_CHAR = 6;

    private byte[] array = new byte[1024];
    private int length;

    /** The bytes lie here from index 0; replaced when the buffer grows. */
    public byte[] array() {
        return array;
    }

    /** How many bytes are valid. */
    public int length() {
        return length;
    }

    /** Forgets the bytes, keeps the memory. */
    public void reset() {
        length = 0;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(array, length);
    }

    /** Takes back what was written behind this length. */
    void truncate(int formerLength) {
        length = formerLength;
    }

    LineBuffer ascii(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, array, length, bytes.length);
        length += bytes.length;
        return this;
    }

    LineBuffer number(long number) {
        return ascii(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * A JSON string, or null. Half of a surrogate pair is escaped: it has no UTF-8 of its own.
     *
     * @param maxChars what lies behind so many UTF-16 units is cut off, never within a pair
     */
    LineBuffer string(String text, int maxChars) {
        if (text == null) {
            return ascii(NULL);
        }
        int end = Math.min(text.length(), maxChars);
        if (end < text.length() && end > 0 && isPair(text, end - 1)) {
            end--;
        }
        reserve(2L + (long) MAX_BYTES_PER_CHAR * end);
        put('"');
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                escape(c);
            } else if (c < 0x80) {
                put(c);
            } else if (c < 0x800) {
                put(0xC0 | c >> 6);
                put(0x80 | c & 0x3F);
            } else if (isPair(text, i)) {
                int codePoint = text.codePointAt(i++);
                put(0xF0 | codePoint >> 18);
                put(0x80 | codePoint >> 12 & 0x3F);
                put(0x80 | codePoint >> 6 & 0x3F);
                put(0x80 | codePoint & 0x3F);
            } else if (Character.isSurrogate(c)) {
                unicodeEscape(c);
            } else {
                put(0xE0 | c >> 12);
                put(0x80 | c >> 6 & 0x3F);
                put(0x80 | c & 0x3F);
            }
        }
        put('"');
        return this;
    }

    /** A JSON string: the bytes in base64 with padding. */
    LineBuffer base64(byte[] bytes, int offset, int count) {
        reserve(2L + Base64Text.length(count));
        put('"');
        length = Base64Text.write(bytes, offset, count, array, length);
        put('"');
        return this;
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length()
                && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }

    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> shortEscape(c);
            case '\n' -> shortEscape('n');
            case '\r' -> shortEscape('r');
            case '\t' -> shortEscape('t');
            case '\b' -> shortEscape('b');
            case '\f' -> shortEscape('f');
            default -> unicodeEscape(c);
        }
    }

    private void shortEscape(char c) {
        put('\\');
        put(c);
    }

    private void unicodeEscape(char c) {
        put('\\');
        put('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            put(HEX[c >> shift & 0xF]);
        }
    }

    /** Room has been reserved. */
    private void put(int oneByte) {
        array[length++] = (byte) oneByte;
    }

    private void reserve(long more) {
        long needed = length + more;
        if (needed > array.length) {
            if (needed > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException(
                        "lines of " + needed + " bytes do not fit into one array");
            }
            long grown = Math.min(Integer.MAX_VALUE - 8L, 2L * array.length);
            array = Arrays.copyOf(array, (int) Math.max(needed, grown));
        }
    }
}
