package io.delivery.parquet.columns;

import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;

/**
 * Different texts or bytes in the order in which they came, kept in the form of Parquet's
 * dictionary page. Not thread-safe.
 */
final class BytesDictionary {
    static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final int prefix;
    private final GrowingBytes entries = new GrowingBytes(64);

    /** Where each entry ends in {@link #entries}. */
    private int[] ends = new int[16];

    /** The page in which an entry was last seen. Null when nobody looks any more. */
    private int[] pages = new int[16];

    private int size;

    /**
     * A hash and, in the lower half, a place and one; or 0. Half of them at most are taken. Null
     * when nobody looks any more.
     */
    private long[] table = new long[32];

    /**
     * @param prefix bytes of an entry's length in front of it, 0 when all have the same length
     */
    BytesDictionary(int prefix) {
        this.prefix = prefix;
    }

    /** Bytes of a dictionary page with the first entries. */
    int bytes(int count) {
        return count == 0 ? 0 : ends[count - 1];
    }

    /** A dictionary page with the first entries. */
    BytesInput page(int count) {
        return BytesInput.from(entries.array, 0, bytes(count));
    }

    byte[] array() {
        return entries.array;
    }

    int offset(int id) {
        return (id == 0 ? 0 : ends[id - 1]) + prefix;
    }

    int length(int id) {
        return ends[id] - offset(id);
    }

    /** Whether this is the first time that the entry is seen in a page; pages count from 1. */
    boolean isNewIn(int page, int id) {
        if (pages[id] == page) {
            return false;
        }
        pages[id] = page;
        return true;
    }

    /**
     * The place of the bytes, which are added when they are new; or {@link
     * NumberDictionary#NOT_TAKEN}.
     */
    int idOf(byte[] source, int offset, int length) {
        int hash = hash(source, offset, length);
        int mask = table.length - 1;
        int at = hash & mask;
        long found;
        for (int probes = 0; (found = table[at]) != 0; at = at + 1 & mask) {
            if ((int) (found >>> Integer.SIZE) == hash) {
                int id = (int) found - 1;
                if (length(id) == length && isAt(offset(id), source, offset, length)) {
                    return id;
                }
            }
            if (++probes == NumberDictionary.MAX_PROBES) {
                return NumberDictionary.NOT_TAKEN;
            }
        }
        return add(source, offset, length, hash, at);
    }

    /** Most texts are short: words are compared faster here than by a call that looks for more. */
    private boolean isAt(int begin, byte[] source, int offset, int length) {
        byte[] array = entries.array;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            if ((long) GrowingBytes.LONG.get(array, begin + at)
                    != (long) GrowingBytes.LONG.get(source, offset + at)) {
                return false;
            }
        }
        if (length > Long.BYTES) {
            int last = length - Long.BYTES;
            return (long) GrowingBytes.LONG.get(array, begin + last)
                    == (long) GrowingBytes.LONG.get(source, offset + last);
        }
        for (; at < length; at++) {
            if (array[begin + at] != source[offset + at]) {
                return false;
            }
        }
        return true;
    }

    private int add(byte[] source, int offset, int length, int hash, int at) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, size * 2);
            pages = Arrays.copyOf(pages, size * 2);
        }
        if (prefix > 0) {
            entries.addInt(length);
        }
        entries.addAll(source, offset, length);
        ends[size++] = entries.size;
        table[at] = (long) hash << Integer.SIZE | size;
        if (size * 2 > table.length) {
            grow();
        }
        return size - 1;
    }

    /** Keeps the first entries, which are not looked for any more. */
    void keep(int count) {
        entries.array = Arrays.copyOf(entries.array, bytes(count));
        entries.size = entries.array.length;
        ends = Arrays.copyOf(ends, count);
        pages = null;
        size = count;
        table = null;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        int mask = larger.length - 1;
        for (long entry : table) {
            if (entry != 0) {
                int at = (int) (entry >>> Integer.SIZE) & mask;
                while (larger[at] != 0) {
                    at = at + 1 & mask;
                }
                larger[at] = entry;
            }
        }
        table = larger;
    }

    private static int hash(byte[] source, int offset, int length) {
        long hash = length;
        int at = offset;
        int end = offset + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = stirred(hash, (long) GrowingBytes.LONG.get(source, at));
        }
        if (at == end) {
            return mixed(hash);
        }
        long rest;
        if (length >= Long.BYTES) {
            rest = (long) GrowingBytes.LONG.get(source, end - Long.BYTES);
        } else if (length >= Integer.BYTES) {
            rest =
                    (int) GrowingBytes.INT.get(source, at) & 0xFFFFFFFFL
                            | (long) (int) GrowingBytes.INT.get(source, end - Integer.BYTES)
                                    << Integer.SIZE;
        } else {
            rest =
                    (source[at] & 0xFFL) << 16
                            | (source[at + (length >> 1)] & 0xFFL) << 8
                            | source[end - 1] & 0xFFL;
        }
        return mixed(stirred(hash, rest));
    }

    private static long stirred(long hash, long word) {
        return Long.rotateLeft((hash ^ word) * MULTIPLIER, 29);
    }

    /** 32 bits that depend on all 64. */
    static int mixed(long bits) {
        long hash = (bits ^ bits >>> 32) * MULTIPLIER;
        return (int) ((hash ^ hash >>> 29) * MULTIPLIER >>> 32);
    }
}
