package io.delivery.json;

import io.delivery.format.RowBuffer;

/** Writes text in UTF-8 into rows. */
final class Utf8 {
    /** Room for the worst case is cheaper than counting, for texts up to so many characters. */
    private static final int SHORT = 1 << 14;

    private Utf8() {}

    /** Bytes that a text takes at most; halves of surrogate pairs count as if they could. */
    static long encodedLength(CharSequence text) {
        long bytes = 0;
        for (int at = 0; at < text.length(); at++) {
            bytes += encodedLength(text.charAt(at));
        }
        return bytes;
    }

    private static int encodedLength(char c) {
        return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }

    /** Of the first code points of a text. */
    private static int encodedLength(char[] text, int offset, int length, int maxCharacters) {
        long bytes = 0;
        int characters = 0;
        for (int at = offset; at < offset + length; at++) {
            if (!Character.isLowSurrogate(text[at]) && characters++ == maxCharacters) {
                break;
            }
            bytes += encodedLength(text[at]);
        }
        return Math.toIntExact(bytes);
    }

    /**
     * Sets a slot to text.
     *
     * @param maxCharacters code points to keep; the rest is cut
     * @return false when the text has half a surrogate pair: nothing was set
     * @throws RowBuffer.FullException when the record has more bytes than it may
     */
    static boolean set(
            RowBuffer row, int slot, char[] text, int offset, int length, int maxCharacters) {
        int start =
                row.reserve(
                        length <= SHORT
                                ? length * 3
                                : encodedLength(text, offset, length, maxCharacters));
        byte[] out = row.bytes();
        int to = start;
        int end = offset + length;
        int characters = 0;
        for (int at = offset; at < end && characters < maxCharacters; at++, characters++) {
            char c = text[at];
            if (c < 0x80) {
                out[to++] = (byte) c;
            } else if (c < 0x800) {
                out[to++] = (byte) (0xC0 | c >> 6);
                out[to++] = (byte) (0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                out[to++] = (byte) (0xE0 | c >> 12);
                out[to++] = (byte) (0x80 | c >> 6 & 0x3F);
                out[to++] = (byte) (0x80 | c & 0x3F);
            } else {
                if (!Character.isHighSurrogate(c)
                        || at + 1 == end
                        || !Character.isLowSurrogate(text[at + 1])) {
                    return false;
                }
                int point = Character.toCodePoint(c, text[++at]);
                out[to++] = (byte) (0xF0 | point >> 18);
                out[to++] = (byte) (0x80 | point >> 12 & 0x3F);
                out[to++] = (byte) (0x80 | point >> 6 & 0x3F);
                out[to++] = (byte) (0x80 | point & 0x3F);
            }
        }
        row.setReserved(slot, to - start);
        return true;
    }
}
