package io.delivery.landing;

import java.util.Arrays;

/** Unsigned little-endian base-128 numbers. */
final class Varints {
    private Varints() {}

    static final class Writer {
        private byte[] bytes = new byte[64];
        private int length;

        void add(long value) {
            if (length + 10 > bytes.length) {
                bytes = Arrays.copyOf(bytes, bytes.length * 2);
            }
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes[length++] = (byte) (rest & 0x7F | 0x80);
                rest >>>= 7;
            }
            bytes[length++] = (byte) rest;
        }

        byte[] toByteArray() {
            return Arrays.copyOf(bytes, length);
        }
    }

    static final class Reader {
        private final byte[] bytes;
        private final int end;
        private int at;

        Reader(byte[] bytes, int offset, int length) {
            this.bytes = bytes;
            this.at = offset;
            this.end = offset + length;
        }

        boolean hasMore() {
            return at < end;
        }

        long next() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte next = bytes[at++];
                value |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IllegalStateException("a number of more than 64 bits");
        }
    }
}
