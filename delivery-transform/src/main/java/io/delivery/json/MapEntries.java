package io.delivery.json;

import io.delivery.format.RowBuffer;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The entries of a map that is being read. Of two keys that become the same the one that was not
 * lower-cased counts, else the last one; its entry stands in the place of the first. Not
 * thread-safe.
 */
final class MapEntries {
    /** Instead of a slot: a key that is there already counts, and not this one. */
    static final int ANOTHER_COUNTS = -1;

    /** So many keys are compared one by one; more are looked up. */
    private static final int FEW = 8;

    private final Kind kind;
    private final Key key;

    private int map;
    private int last;
    private int count;
    private Map<Object, Integer> lookup;
    private BitSet lowered;

    /** What the slot of a key holds. */
    enum Kind {
        BYTES,
        NUMBER,
        TIMESTAMP
    }

    /** Reads a text into the slot of a key. */
    @FunctionalInterface
    interface Key {
        /**
         * @throws RecordFailedException when it does not fit the type of the keys
         */
        void read(String text, RowBuffer row, int slot) throws RecordFailedException;
    }

    MapEntries(Kind kind, Key key) {
        this.kind = kind;
        this.key = key;
    }

    /** The slot becomes a map without entries. */
    void begin(RowBuffer row, int slot) {
        row.setFirst(slot, -1);
        map = slot;
        last = -1;
        count = 0;
        lookup = null;
        lowered = null;
    }

    /**
     * Takes a key.
     *
     * @param written as the record has it
     * @param name as the map has it
     * @return the slot of its value, or {@link #ANOTHER_COUNTS}
     * @throws RecordFailedException when it does not fit the type of the keys
     */
    int valueSlot(RowBuffer row, String written, String name) throws RecordFailedException {
        boolean changed = !name.equals(written);
        int entry = row.allocate(2);
        key.read(name, row, entry);
        int first = row.first(map);
        if (count == FEW) {
            lookup = new HashMap<>();
            for (int e = first; e >= 0; e = row.next(e)) {
                lookup.put(keyOf(row, e), e);
            }
        }
        Integer same =
                lookup == null
                        ? linear(row, first, entry)
                        : lookup.putIfAbsent(keyOf(row, entry), entry);
        if (same != null) {
            if (changed && (lowered == null || !lowered.get(same))) {
                return ANOTHER_COUNTS;
            }
            if (!changed && lowered != null) {
                lowered.clear(same);
            }
            return same + 1;
        }
        if (changed) {
            lowered = lowered == null ? new BitSet() : lowered;
            lowered.set(entry);
        }
        if (last < 0) {
            row.setFirst(map, entry);
        } else {
            row.setNext(last, entry);
        }
        last = entry;
        count++;
        return entry + 1;
    }

    private Integer linear(RowBuffer row, int first, int wanted) {
        for (int entry = first; entry >= 0; entry = row.next(entry)) {
            if (sameKey(row, entry, wanted)) {
                return entry;
            }
        }
        return null;
    }

    private boolean sameKey(RowBuffer row, int one, int other) {
        if (kind != Kind.BYTES) {
            return keyOf(row, one).equals(keyOf(row, other));
        }
        int a = row.offset(one);
        int b = row.offset(other);
        byte[] bytes = row.bytes();
        return Arrays.equals(bytes, a, a + row.extra(one), bytes, b, b + row.extra(other));
    }

    private Object keyOf(RowBuffer row, int slot) {
        return switch (kind) {
            case BYTES ->
                    new String(
                            row.bytes(),
                            row.offset(slot),
                            row.extra(slot),
                            StandardCharsets.ISO_8859_1);
            case NUMBER -> row.number(slot);
            case TIMESTAMP -> row.number(slot) + "." + row.extra(slot);
        };
    }
}
