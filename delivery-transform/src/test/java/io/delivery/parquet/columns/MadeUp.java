package io.delivery.parquet.columns;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Values that somebody who knows how dictionaries look for them has made up to meet each other. */
final class MadeUp {
    private static final long INVERSE = inverse(BytesDictionary.MULTIPLIER);

    private MadeUp() {}

    private static long inverse(long odd) {
        long inverse = 1;
        for (int bits = 1; bits < Long.SIZE; bits *= 2) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    /**
     * Undoes {@link BytesDictionary#mixed}.
     *
     * @param mixed its upper half is the hash; each other half makes another number
     */
    static long number(long mixed) {
        long hash = mixed * INVERSE;
        hash = hash ^ hash >>> 29 ^ hash >>> 58;
        hash *= INVERSE;
        return hash ^ hash >>> 32;
    }

    /** Eight bytes whose hash is that of a number: what stirs them can be undone. */
    static byte[] bytes(long number) {
        long word = Long.rotateRight(number, 29) * INVERSE ^ Long.BYTES;
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(word).array();
    }
}
