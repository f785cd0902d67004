package io.delivery.orc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * Hashes of bytes that nobody outside of the process can foresee: they depend on numbers that it
 * has drawn. No texts are known that have one hash whatever these numbers are.
 */
final class TextHash {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long SEED = RANDOM.nextLong();
    private static final long FACTOR = RANDOM.nextLong() | 1;
    private static final long LAST_FACTOR = RANDOM.nextLong() | 1;

    private TextHash() {}

    static int of(byte[] bytes, int offset, int length) {
        long hash = SEED;
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
        return (int) folded(hash ^ length, LAST_FACTOR);
    }

    /**
     * Both halves of the product of two numbers without a sign. With the signed one {@code -bits}
     * would give what {@code bits} gives, but for its last bit, whatever the factor is.
     */
    private static long folded(long bits, long factor) {
        long signed = Math.multiplyHigh(bits, factor);
        long high = signed + (bits >> 63 & factor) + (factor >> 63 & bits);
        return high ^ bits * factor;
    }
}
