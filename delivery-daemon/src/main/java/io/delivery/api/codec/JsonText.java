package io.delivery.api.codec;

import io.delivery.api.ApiException;

/**
 * The text of a JSON string in the bytes of its document: escapes (RFC 8259, section 7) and UTF-8.
 */
final class JsonText {
    private JsonText() {}

    /**
     * Resolves the escapes of a string in its own bytes.
     *
     * @return where its text ends then
     * @throws ApiException SerializationException for an escape that JSON does not have
     */
    static int unescape(byte[] in, int textStart, int textEnd) {
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
                    int unit = hex4(in, from, textEnd);
                    from += 4;
                    int codePoint = unit;
                    if (Character.isHighSurrogate((char) unit)
                            && from + 6 <= textEnd
                            && in[from] == '\\'
                            && in[from + 1] == 'u') {
                        int low = hex4(in, from + 2, textEnd);
                        if (Character.isLowSurrogate((char) low)) {
                            codePoint = Character.toCodePoint((char) unit, (char) low);
                            from += 6;
                        }
                    }
                    to = putUtf8(in, codePoint, to);
                }
                default -> throw malformed("An unknown escape inside a string");
            }
        }
        return to;
    }

    private static int hex4(byte[] in, int from, int textEnd) {
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
    private static int putUtf8(byte[] in, int codePoint, int to) {
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

    /**
     * Makes sure that the bytes are UTF-8.
     *
     * @throws ApiException SerializationException where they are not
     */
    static void checkUtf8(byte[] in, int from, int to) {
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

    private static ApiException malformed(String what) {
        return ApiException.serialization(what);
    }
}
