package io.delivery.parquet.columns;

import org.apache.parquet.bytes.BytesInput;

/**
 * Writes numbers in Parquet's hybrid of runs and packed bits (Parquet format, "Run Length Encoding
 * / Bit-Packing Hybrid"), with the same choices as parquet-java's {@code
 * RunLengthBitPackingHybridEncoder}, so that the bytes are the same. Not thread-safe.
 */
final class RunLengths {
    private static final int GROUP = 8;

    /** Groups of a packed run, so that its header has one byte. */
    private static final int MAX_GROUPS = 63;

    private static final int NO_HEADER = -1;

    private final int width;
    private final GrowingBytes out;
    private final int[] group = new int[GROUP];
    private int inGroup;
    private int previous;
    private int repeats;
    private int groups;
    private int header = NO_HEADER;

    /**
     * @param width bits of the largest number, 0 to 32
     */
    RunLengths(int width, int capacity) {
        this.width = width;
        out = new GrowingBytes(capacity);
    }

    /** Bits that numbers up to this one take. */
    static int width(int max) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(max);
    }

    void add(int value) {
        if (value == previous) {
            if (++repeats >= GROUP) {
                return;
            }
        } else {
            if (repeats >= GROUP) {
                endRun();
            }
            repeats = 1;
            previous = value;
        }
        group[inGroup++] = value;
        if (inGroup == GROUP) {
            pack();
        }
    }

    /** Adds the first numbers of an array, where nothing was added before. */
    void addAll(int[] values, int count) {
        int at = 0;
        while (at + GROUP <= count) {
            int end = at + 1;
            while (end < count && values[end] == values[at]) {
                end++;
            }
            if (end - at < GROUP) {
                pack(values, at);
                at += GROUP;
            } else {
                previous = values[at];
                repeats = end - at;
                at = end;
                if (at < count) {
                    endRun();
                }
            }
        }
        while (at < count) {
            add(values[at++]);
        }
    }

    private void pack() {
        pack(group, 0);
        inGroup = 0;
        repeats = 0;
    }

    private void pack(int[] values, int from) {
        if (groups == MAX_GROUPS) {
            endPacked();
        }
        if (header == NO_HEADER) {
            header = out.size;
            out.add((byte) 0);
        }
        int at = out.reserve(width + 2 * Long.BYTES);
        if (width <= Long.BYTES) {
            GrowingBytes.LONG.set(
                    out.array, at, half(values, from) | half(values, from + 4) << 4 * width);
        } else if (width < 2 * Long.BYTES) {
            long low = half(values, from);
            long high = half(values, from + 4);
            GrowingBytes.LONG.set(out.array, at, low | high << 4 * width);
            GrowingBytes.LONG.set(out.array, at + Long.BYTES, high >>> Long.SIZE - 4 * width);
        } else {
            packWide(values, from, at);
        }
        out.size = at + width;
        groups++;
    }

    private long half(int[] values, int from) {
        return values[from]
                | (long) values[from + 1] << width
                | (long) values[from + 2] << 2 * width
                | (long) values[from + 3] << 3 * width;
    }

    private void packWide(int[] values, int from, int to) {
        int at = to;
        long bits = 0;
        int count = 0;
        for (int i = from; i < from + GROUP; i++) {
            bits |= (values[i] & 0xFFFFFFFFL) << count;
            for (count += width; count >= Byte.SIZE; count -= Byte.SIZE) {
                out.array[at++] = (byte) bits;
                bits >>>= Byte.SIZE;
            }
        }
    }

    private void endPacked() {
        if (header != NO_HEADER) {
            out.array[header] = (byte) (groups << 1 | 1);
            header = NO_HEADER;
            groups = 0;
        }
    }

    private void endRun() {
        endPacked();
        int rest = repeats << 1;
        while ((rest & ~0x7F) != 0) {
            out.add((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.add((byte) rest);
        for (int bit = 0; bit < width; bit += Byte.SIZE) {
            out.add((byte) (previous >>> bit));
        }
        repeats = 0;
        inGroup = 0;
    }

    /** Bytes that have been written; the last numbers may still be missing. */
    int size() {
        return out.size;
    }

    /** All numbers; valid until {@link #clear}, and nothing is added before that. */
    BytesInput content() {
        if (repeats >= GROUP) {
            endRun();
        } else if (inGroup > 0) {
            while (inGroup < GROUP) {
                group[inGroup++] = 0;
            }
            pack();
        }
        endPacked();
        return out.content();
    }

    void clear() {
        out.clear();
        inGroup = 0;
        previous = 0;
        repeats = 0;
        groups = 0;
        header = NO_HEADER;
    }
}
