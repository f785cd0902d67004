package io.delivery.json;

import io.delivery.format.RowBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** UTF-8 as Unicode defines it: no surrogates, nothing longer than needed (RFC 3629). */
final class Utf8 {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    /** Room for the worst case is cheaper than counting, for texts up to so many characters. */
    private static final int SHORT = 1 << 14;

    private Utf8() {}

    /** Index, from the offset, of the first byte that is not UTF-8; -1 when all is well. */
    static int firstInvalid(byte[] array, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (at <= end - Long.BYTES && ((long) LONG.get(array, at) & HIGH_BITS) == 0) {
                at += Long.BYTES;
                continue;
            }
            int sequence = sequenceLength(array, at, end);
            if (sequence == 0) {
                return at - offset;
            }
            at += sequence;
        }
        return -1;
    }

    /** Bytes that a text takes at most; halves of surrogate pairs count as if they could. */
    private static int encodedLength(char[] text, int offset, int length) {
        long bytes = 0;
        for (int at = offset; at < offset + length; at++) {
            char c = text[at];
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return Math.toIntExact(bytes);
    }

    private static int sequenceLength(byte[] array, int at, int end) {
        int lead = array[at] & 0xFF;
        if (lead < 0x80) {
            return 1;
        }
        if (lead < 0xC2 || lead > 0xF4) {
            return 0;
        }
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (at + length > end) {
            return 0;
        }
        // Overlong forms, surrogates and what is above U+10FFFF show in the second byte.
        int second = array[at + 1] & 0xFF;
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((array[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /**
     * Sets a slot to text.
     *
     * @param maxCharacters code points to keep; the rest is cut
     * @return false when the text has half a surrogate pair: nothing was set
     */
    static boolean set(
            RowBuffer row, int slot, char[] text, int offset, int length, int maxCharacters) {
        int start = row.reserve(length <= SHORT ? length * 3 : encodedLength(text, offset, length));
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
