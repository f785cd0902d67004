package io.delivery.compress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The last bytes of what is deflated, and where in them the four bytes that are at a place have
 * been before. A position is an index of {@link #bytes()}; {@link #slide} makes it less.
 *
 * <p>Places whose four bytes have the same hash are a chain: its head is the last of them, and each
 * knows the one before. A chain is followed as far back as a match may be.
 */
final class DeflateWindow {
    /** How far back a match may be: RFC 1951, section 2. */
    static final int DISTANCE = 32 * 1024;

    static final int MOST_LENGTH = 258;
    static final int LEAST_LENGTH = 4;

    private static final int MASK = DISTANCE - 1;
    private static final int HASH_BITS = 15;
    private static final int MULTIPLIER = 0x9E3779B1; // Knuth: 2^32 divided by the golden ratio
    private static final int NOWHERE = -1;

    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int[] heads = new int[1 << HASH_BITS];
    private final int[] before = new int[DISTANCE];
    private int distance;

    /**
     * @param size most bytes that there are at a time
     */
    DeflateWindow(int size) {
        bytes = new byte[size + MOST_LENGTH + Long.BYTES];
        forget();
    }

    /** On the heap. */
    static long memoryBytes(int size) {
        return size + 4L * (1 << HASH_BITS) + 4L * DISTANCE;
    }

    /** Some more than asked for, so that reads of several bytes end within them. */
    byte[] bytes() {
        return bytes;
    }

    /** Of the match that was found last. */
    int distance() {
        return distance;
    }

    private static int hash(int four) {
        return four * MULTIPLIER >>> 32 - HASH_BITS;
    }

    /** Notes places, so that they are found from now on. */
    void note(int from, int to) {
        byte[] bytes = this.bytes;
        int[] heads = this.heads;
        int[] before = this.before;
        for (int position = from; position < to; position++) {
            int hash = hash((int) INTS.get(bytes, position));
            before[position & MASK] = heads[hash];
            heads[hash] = position;
        }
    }

    /**
     * Notes a place, and finds the longest match that is longer than one there is already. The
     * nearest of those of one length is taken.
     *
     * @param longest the length of that one
     * @param most the longest that may be found
     * @param enough a length that ends the search
     * @param tries how many places are looked at
     * @return its length, or longest where there is none
     */
    int find(int position, int longest, int most, int enough, int tries) {
        byte[] bytes = this.bytes;
        int[] before = this.before;
        int four = (int) INTS.get(bytes, position);
        int hash = hash(four);
        int at = heads[hash];
        heads[hash] = position;
        before[position & MASK] = at;
        int least = Math.max(position - MASK, 0);
        if (longest >= most) {
            return longest;
        }
        // A longer match has these four bytes too, which are looked at first.
        int ends = longest < LEAST_LENGTH ? 0 : longest - 3;
        int last = (int) INTS.get(bytes, position + ends);
        while (at >= least && tries-- > 0) {
            if ((int) INTS.get(bytes, at + ends) == last && (int) INTS.get(bytes, at) == four) {
                int length = extend(bytes, position, at, most);
                if (length > longest) {
                    longest = length;
                    distance = position - at;
                    if (length >= enough || length >= most) {
                        break;
                    }
                    ends = length - 3;
                    last = (int) INTS.get(bytes, position + ends);
                }
            }
            at = before[at & MASK];
        }
        return longest;
    }

    /** The first four are equal. */
    private static int extend(byte[] bytes, int position, int at, int most) {
        int length = 4;
        while (length < most) {
            long differ =
                    (long) LONGS.get(bytes, position + length)
                            ^ (long) LONGS.get(bytes, at + length);
            if (differ != 0) {
                length += Long.numberOfTrailingZeros(differ) >>> 3;
                break;
            }
            length += Long.BYTES;
        }
        return Math.min(length, most);
    }

    /**
     * Forgets the first bytes; every position becomes less by as many.
     *
     * @param by a multiple of {@link #DISTANCE}
     * @param end of the bytes that there are
     */
    void slide(int by, int end) {
        System.arraycopy(bytes, by, bytes, 0, end - by);
        slide(heads, by);
        slide(before, by);
    }

    private static void slide(int[] positions, int by) {
        for (int i = 0; i < positions.length; i++) {
            positions[i] = Math.max(positions[i] - by, NOWHERE);
        }
    }

    /** Makes this ready for other bytes. */
    void forget() {
        Arrays.fill(heads, NOWHERE);
    }
}
