package io.delivery.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** UTF-8 as Unicode defines it: no surrogates, nothing longer than needed (RFC 3629). */
public final class Utf8Text {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8Text() {}

    /**
     * Whether the bytes may be JSON in UTF-8. Parsers of JSON that look for UTF-16 and UTF-32,
     * which have zeros among the first four bytes, read such bytes as UTF-8.
     */
    public static boolean mayBeJson(byte[] array, int offset, int length) {
        for (int at = offset; at < offset + Math.min(4, length); at++) {
            if (array[at] == 0) {
                return false;
            }
        }
        return firstInvalid(array, offset, length) < 0;
    }

    /** Index, from the offset, of the first byte that is not UTF-8; -1 when all is well. */
    public static int firstInvalid(byte[] array, int offset, int length) {
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

    /**
     * Bytes of the character that begins here; 0 when none does, or when it does not end before
     * {@code end}.
     */
    public static int sequenceLength(byte[] array, int at, int end) {
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
}
