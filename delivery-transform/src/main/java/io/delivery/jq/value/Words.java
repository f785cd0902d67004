package io.delivery.jq.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes at a time. */
public final class Words {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long BLANKS = ' ' * ONES;

    private Words() {}

    /** The eight bytes from a place on: the first is in the lowest bits. */
    public static long at(byte[] array, int place) {
        return (long) LONG.get(array, place);
    }

    /**
     * A high bit for each byte that a text of JSON does not have as it is, which are quotes,
     * backslashes and control characters, and for each that is not ASCII. Only the first one is
     * right.
     */
    public static long special(long word) {
        return ((word ^ QUOTES) - ONES | (word ^ BACKSLASHES) - ONES | word - BLANKS | word)
                & HIGH_BITS;
    }

    /** The same without those that are not ASCII. */
    static long specialAscii(long word) {
        long quotes = word ^ QUOTES;
        long backslashes = word ^ BACKSLASHES;
        return (quotes - ONES & ~quotes | backslashes - ONES & ~backslashes | word - BLANKS & ~word)
                & HIGH_BITS;
    }

    /** Whether all of the bytes are ASCII. */
    static boolean isAscii(long word) {
        return (word & HIGH_BITS) == 0;
    }

    /** How many bytes stand before the first high bit. */
    public static int before(long special) {
        return Long.numberOfTrailingZeros(special) >>> 3;
    }
}
