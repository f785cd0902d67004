package io.delivery.parquet.columns;

import java.util.Arrays;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;

/** The least and the greatest of some texts or bytes. Not thread-safe. */
final class BytesRange {
    /** Turns signed numbers into unsigned ones of the same order. */
    private final long sign;

    private final GrowingBytes least = new GrowingBytes(16);
    private final GrowingBytes greatest = new GrowingBytes(16);
    private long leastPrefix;
    private long greatestPrefix;
    private boolean isEmpty = true;

    /**
     * @param isSigned whether the bytes are signed numbers of one length, the highest byte first;
     *     otherwise they are ordered as unsigned bytes
     */
    BytesRange(boolean isSigned) {
        sign = isSigned ? Long.MIN_VALUE : 0;
    }

    void add(byte[] source, int offset, int length) {
        long prefix = prefix(source, offset, length) ^ sign;
        if (isEmpty) {
            isEmpty = false;
            set(least, source, offset, length);
            set(greatest, source, offset, length);
            leastPrefix = prefix;
            greatestPrefix = prefix;
            return;
        }
        int order = Long.compareUnsigned(prefix, leastPrefix);
        if (order < 0 || order == 0 && compare(source, offset, length, least) < 0) {
            set(least, source, offset, length);
            leastPrefix = prefix;
        }
        order = Long.compareUnsigned(prefix, greatestPrefix);
        if (order > 0 || order == 0 && compare(source, offset, length, greatest) > 0) {
            set(greatest, source, offset, length);
            greatestPrefix = prefix;
        }
    }

    private static void set(GrowingBytes bound, byte[] source, int offset, int length) {
        bound.clear();
        bound.addAll(source, offset, length);
    }

    /** The first eight bytes, with zeros behind a shorter value. */
    private static long prefix(byte[] source, int offset, int length) {
        if (length >= Long.BYTES) {
            return Long.reverseBytes((long) GrowingBytes.LONG.get(source, offset));
        }
        long prefix = 0;
        for (int i = 0; i < length; i++) {
            prefix |= (source[offset + i] & 0xFFL) << Long.SIZE - Byte.SIZE - i * Byte.SIZE;
        }
        return prefix;
    }

    private static int compare(byte[] source, int offset, int length, GrowingBytes bound) {
        return Arrays.compareUnsigned(source, offset, offset + length, bound.array, 0, bound.size);
    }

    void tell(Statistics<?> statistics) {
        if (!isEmpty) {
            statistics.updateStats(copy(least));
            statistics.updateStats(copy(greatest));
        }
    }

    private static Binary copy(GrowingBytes bound) {
        return Binary.fromConstantByteArray(Arrays.copyOf(bound.array, bound.size));
    }

    void clear() {
        isEmpty = true;
    }
}
