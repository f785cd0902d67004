package io.delivery.orc;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Texts one behind the other, in pieces of 32 KiB that ORC's own dictionary has too. A text may go
 * on in the next piece. Not thread-safe.
 */
final class TextStore {
    private static final int PIECE_BITS = 15;
    private static final int PIECE = 1 << PIECE_BITS;
    private static final int IN_PIECE = PIECE - 1;

    /** The order of numbers without sign is that of the bytes. */
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[][] pieces = new byte[4][];
    private int count;
    private int size;

    /** Bytes of all texts. */
    int size() {
        return size;
    }

    /** Memory of the pieces, in bytes. */
    long heldBytes() {
        return (long) count * PIECE;
    }

    /** Adds a text behind the last one and tells where it begins. */
    int add(byte[] source, int offset, int length) {
        int start = size;
        int end = Math.addExact(start, length);
        makeRoom((end >> PIECE_BITS) + 1);
        for (int at = start, from = offset; at < end; ) {
            int some = Math.min(PIECE - (at & IN_PIECE), end - at);
            System.arraycopy(source, from, pieces[at >> PIECE_BITS], at & IN_PIECE, some);
            at += some;
            from += some;
        }
        size = end;
        return start;
    }

    private void makeRoom(int needed) {
        if (needed > pieces.length) {
            pieces = Arrays.copyOf(pieces, Math.max(needed, 2 * pieces.length));
        }
        for (; count < needed; count++) {
            pieces[count] = new byte[PIECE];
        }
    }

    void clear() {
        Arrays.fill(pieces, null);
        count = 0;
        size = 0;
    }

    private static boolean isWhole(int start, int end) {
        return (start & IN_PIECE) + (end - start) <= PIECE;
    }

    /** Whether the text that begins at a place, and is as long, has these bytes. */
    boolean isAt(int start, byte[] source, int offset, int length) {
        if (!isWhole(start, start + length)) {
            return isInPieces(start, source, offset, length);
        }
        byte[] piece = pieces[start >> PIECE_BITS];
        int begin = start & IN_PIECE;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            if ((long) LONG.get(piece, begin + at) != (long) LONG.get(source, offset + at)) {
                return false;
            }
        }
        if (length > Long.BYTES) {
            int last = length - Long.BYTES;
            return (long) LONG.get(piece, begin + last) == (long) LONG.get(source, offset + last);
        }
        for (; at < length; at++) {
            if (piece[begin + at] != source[offset + at]) {
                return false;
            }
        }
        return true;
    }

    private boolean isInPieces(int start, byte[] source, int offset, int length) {
        int at = 0;
        while (at < length) {
            byte[] piece = pieces[start + at >> PIECE_BITS];
            int begin = start + at & IN_PIECE;
            int some = Math.min(PIECE - begin, length - at);
            int from = offset + at;
            if (!Arrays.equals(piece, begin, begin + some, source, from, from + some)) {
                return false;
            }
            at += some;
        }
        return true;
    }

    int hash(int start, int length) {
        return isWhole(start, start + length)
                ? TextHash.of(pieces[start >> PIECE_BITS], start & IN_PIECE, length)
                : TextHash.of(copy(start, start + length), 0, length);
    }

    /** Compares two texts by their bytes, without sign; what begins another comes before it. */
    int compare(int start, int end, int otherStart, int otherEnd) {
        int length = Math.min(end - start, otherEnd - otherStart);
        int at = 0;
        while (at < length) {
            byte[] piece = pieces[start + at >> PIECE_BITS];
            int begin = start + at & IN_PIECE;
            byte[] other = pieces[otherStart + at >> PIECE_BITS];
            int otherBegin = otherStart + at & IN_PIECE;
            int some = Math.min(length - at, PIECE - Math.max(begin, otherBegin));
            int difference = compare(piece, begin, other, otherBegin, some);
            if (difference != 0) {
                return difference;
            }
            at += some;
        }
        return Integer.compare(end - start, otherEnd - otherStart);
    }

    private static int compare(byte[] one, int begin, byte[] other, int otherBegin, int length) {
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            long left = (long) LONG.get(one, begin + at);
            long right = (long) LONG.get(other, otherBegin + at);
            if (left != right) {
                return Long.compareUnsigned(left, right);
            }
        }
        for (; at < length; at++) {
            int difference = (one[begin + at] & 0xFF) - (other[otherBegin + at] & 0xFF);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    byte[] copy(int start, int end) {
        byte[] copy = new byte[end - start];
        for (int at = start; at < end; ) {
            int some = Math.min(PIECE - (at & IN_PIECE), end - at);
            System.arraycopy(pieces[at >> PIECE_BITS], at & IN_PIECE, copy, at - start, some);
            at += some;
        }
        return copy;
    }

    void writeTo(OutputStream out, int start, int end) throws IOException {
        for (int at = start; at < end; ) {
            int some = Math.min(PIECE - (at & IN_PIECE), end - at);
            out.write(pieces[at >> PIECE_BITS], at & IN_PIECE, some);
            at += some;
        }
    }
}
