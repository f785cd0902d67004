package io.delivery.parquet.columns;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;

/** Bytes that grow at their end. Numbers are little-endian. Not thread-safe. */
final class GrowingBytes {
    static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

    /** Room that is kept for the next page. A column of a wide table may not keep much. */
    static final int KEPT = 4 << 10;

    /** Up to here room is doubled; beyond, half as much is added: it all counts as memory. */
    private static final int DOUBLED = 64 << 10;

    /** The bytes are the first {@link #size} of these. */
    byte[] array;

    int size;

    GrowingBytes(int capacity) {
        array = new byte[capacity];
    }

    /** Makes so much room behind the last byte and tells where it begins. */
    int reserve(int room) {
        int needed = Math.addExact(size, room);
        if (needed > array.length) {
            long more = array.length < DOUBLED ? array.length : array.length / 2;
            long larger = Math.min(array.length + more, MAX_LENGTH);
            array = Arrays.copyOf(array, (int) Math.max(needed, larger));
        }
        return size;
    }

    void add(byte value) {
        int at = reserve(1);
        array[at] = value;
        size = at + 1;
    }

    void addInt(int value) {
        int at = reserve(Integer.BYTES);
        INT.set(array, at, value);
        size = at + Integer.BYTES;
    }

    void addLong(long value) {
        int at = reserve(Long.BYTES);
        LONG.set(array, at, value);
        size = at + Long.BYTES;
    }

    void addAll(byte[] source, int offset, int length) {
        int at = reserve(length);
        System.arraycopy(source, offset, array, at, length);
        size = at + length;
    }

    /** Forgets the bytes, and gives back what a large page needed. */
    void clear() {
        size = 0;
        if (array.length > KEPT) {
            array = new byte[KEPT];
        }
    }

    /** Valid until something is added. */
    BytesInput content() {
        return BytesInput.from(array, 0, size);
    }
}
