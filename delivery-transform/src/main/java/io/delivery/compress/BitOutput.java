package io.delivery.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bits, the lowest of a byte first: RFC 1951, section 3.1.1. */
final class BitOutput {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int full;
    private OutputStream out;
    private int filled;
    private long bits;
    private int count; // below 8 between two calls
    private long written;

    /**
     * @param size bytes that are gathered before they are given on
     */
    BitOutput(int size) {
        bytes = new byte[size + Long.BYTES];
        full = size - Long.BYTES;
    }

    /**
     * @param out takes the bytes from now on
     */
    void begin(OutputStream out) {
        this.out = out;
    }

    /**
     * @param value has no bits above these
     * @param length at most 56
     */
    void put(long value, int length) throws IOException {
        bits |= value << count;
        count += length;
        LONGS.set(bytes, filled, bits);
        int whole = count >>> 3;
        filled += whole;
        bits >>>= whole << 3;
        count &= 7;
        if (filled > full) {
            giveOn();
        }
    }

    /** Zeros up to the next byte. */
    void align() throws IOException {
        if (count > 0) {
            put(0, 8 - count);
        }
    }

    /** Whole bytes, at the beginning of one. */
    void put(byte[] source, int from, int length) throws IOException {
        giveOn();
        out.write(source, from, length);
        written += length;
    }

    /** Gives on what is gathered, but for the bits of a byte that is not whole. */
    void giveOn() throws IOException {
        if (filled > 0) {
            out.write(bytes, 0, filled);
            written += filled;
            filled = 0;
        }
    }

    /** Bytes that were given on since the last {@link #forget}. */
    long written() {
        return written;
    }

    /** Makes this ready for other bytes. */
    void forget() {
        out = null;
        filled = 0;
        bits = 0;
        count = 0;
        written = 0;
    }
}
