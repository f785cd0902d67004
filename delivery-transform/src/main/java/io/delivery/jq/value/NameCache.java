package io.delivery.jq.value;

import java.util.Arrays;

/**
 * Names of members that records have had, by their bytes: a name that all records have is made
 * once, with its hash code. Holds a bounded number of short names; of two with one place the last
 * stays. Not thread-safe.
 */
public final class NameCache {
    private static final int PLACES = 512;

    /** Longer names are not kept. */
    static final int MOST_BYTES = 64;

    private final byte[][] bytes = new byte[PLACES][];
    private final String[] names = new String[PLACES];
    private int place;

    /** The name of these bytes; null when it is not known. */
    String find(byte[] array, int from, int to) {
        if (to - from > MOST_BYTES) {
            return null;
        }
        place = (int) ByteHash.of(to - from, array, from, to) & PLACES - 1;
        byte[] known = bytes[place];
        return known != null && Arrays.equals(known, 0, known.length, array, from, to)
                ? names[place]
                : null;
    }

    /** No name is known any more. */
    public void forget() {
        Arrays.fill(bytes, null);
        Arrays.fill(names, null);
    }

    /** Keeps the name of the bytes that were not found just now. */
    void keep(byte[] array, int from, int to, String name) {
        if (to - from <= MOST_BYTES) {
            bytes[place] = Arrays.copyOfRange(array, from, to);
            names[place] = name;
        }
    }
}
