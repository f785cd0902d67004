package io.delivery.parquet.columns;

import java.util.Arrays;

/** Different numbers in the order in which they came. Not thread-safe. */
final class NumberDictionary {
    /** The number was not taken: it meets too many others. */
    static final int NOT_TAKEN = -1;

    /** More than this many neighbours are no chance. */
    static final int MAX_PROBES = 128;

    private long[] numbers = new long[16];
    private int size;

    /** A place and one, or 0; half of them at most are taken. Null when nobody looks any more. */
    private int[] table = new int[32];

    long number(int id) {
        return numbers[id];
    }

    /** The place of the number, which is added when it is new; or {@link #NOT_TAKEN}. */
    int idOf(long number) {
        int mask = table.length - 1;
        int at = hash(number) & mask;
        for (int probes = 0; table[at] != 0; at = at + 1 & mask) {
            int id = table[at] - 1;
            if (numbers[id] == number) {
                return id;
            }
            if (++probes == MAX_PROBES) {
                return NOT_TAKEN;
            }
        }
        return add(number, at);
    }

    private int add(long number, int at) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size++] = number;
        table[at] = size;
        if (size * 2 > table.length) {
            grow();
        }
        return size - 1;
    }

    /** Keeps the first numbers, which are not looked for any more. */
    void keep(int count) {
        numbers = Arrays.copyOf(numbers, count);
        size = count;
        table = null;
    }

    private void grow() {
        int[] larger = new int[table.length * 2];
        int mask = larger.length - 1;
        for (int id = 0; id < size; id++) {
            int at = hash(numbers[id]) & mask;
            while (larger[at] != 0) {
                at = at + 1 & mask;
            }
            larger[at] = id + 1;
        }
        table = larger;
    }

    private static int hash(long number) {
        return BytesDictionary.mixed(number);
    }
}
