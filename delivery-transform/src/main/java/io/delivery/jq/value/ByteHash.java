package io.delivery.jq.value;

/** Numbers of bytes for hash tables that are bounded: many bytes of one number harm nobody. */
public final class ByteHash {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private ByteHash() {}

    /** The number of what has had a number so far, and these bytes behind it. */
    public static long of(long before, byte[] array, int from, int to) {
        long sum = before;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            sum = mixed(sum ^ Words.at(array, at));
        }
        long rest = 0;
        if (at < to && at + Long.BYTES <= array.length) {
            rest = Words.at(array, at) & (1L << (to - at) * Byte.SIZE) - 1;
        } else {
            for (int i = at; i < to; i++) {
                rest |= (array[i] & 0xFFL) << (i - at) * Byte.SIZE;
            }
        }
        return mixed(sum ^ rest);
    }

    private static long mixed(long value) {
        long product = value * MIX;
        return product ^ product >>> 32;
    }
}
