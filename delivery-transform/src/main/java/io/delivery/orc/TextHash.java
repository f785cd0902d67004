package io.delivery.orc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/** Hashes of bytes that nobody outside of the process can foresee. */
final class TextHash {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long SEED = RANDOM.nextLong();
    private static final long FACTOR = RANDOM.nextLong() | 1;
    private static final long LAST_FACTOR = RANDOM.nextLong() | 1;

    private TextHash() {}

    static int of(byte[] bytes, int offset, int length) {
        long hash = SEED ^ length;
        int end = offset + length;
        int at = offset;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = folded(hash ^ (long) LONG.get(bytes, at), FACTOR);
        }
        if (at < end) {
            long rest = 0;
            if (length >= Long.BYTES) {
                rest = (long) LONG.get(bytes, end - Long.BYTES);
            } else {
                for (; at < end; at++) {
                    rest = rest << Byte.SIZE | bytes[at] & 0xFF;
                }
            }
            hash = folded(hash ^ rest, FACTOR);
        }
        return (int) folded(hash, LAST_FACTOR);
    }

    /** Both halves of the product: each bit depends on all bits of both. */
    private static long folded(long bits, long factor) {
        return Math.multiplyHigh(bits, factor) ^ bits * factor;
    }
}
