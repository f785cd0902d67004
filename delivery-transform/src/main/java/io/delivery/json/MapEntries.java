package io.delivery.json;

import io.delivery.format.RowBuffer;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

    /** Room for more keys is not kept for the next map. */
    private static final int MANY = 1024;

    private final Kind kind;
    private final Key key;

    private int map;
    private int last;
    private int count;
    private Map<Object, Integer> lookup;
    private String replacedKey;

    /** The entries whose keys were lower-cased, in rising order, and these keys as written. */
    private int[] loweredEntries = new int[FEW];

    private String[] loweredKeys = new String[FEW];
    private int loweredCount;

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
        loweredCount = 0;
        if (loweredKeys.length > MANY) {
            loweredEntries = new int[FEW];
            loweredKeys = new String[FEW];
        }
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
        replacedKey = null;
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
            int at = Arrays.binarySearch(loweredEntries, 0, loweredCount, same);
            String before = at < 0 ? null : loweredKeys[at];
            if (changed && before == null) {
                return ANOTHER_COUNTS;
            }
            replacedKey = before == null ? name : before;
            if (at >= 0) {
                loweredKeys[at] = changed ? written : null;
            }
            return same + 1;
        }
        if (changed) {
            lowered(entry, written);
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

    private void lowered(int entry, String written) {
        if (loweredCount == loweredKeys.length) {
            loweredEntries = Arrays.copyOf(loweredEntries, loweredCount * 2);
            loweredKeys = Arrays.copyOf(loweredKeys, loweredCount * 2);
        }
        loweredEntries[loweredCount] = entry;
        loweredKeys[loweredCount++] = written;
    }

    /** Whether the last key that was taken was there before, so that its value is another now. */
    boolean hasReplaced() {
        return replacedKey != null;
    }

    /** That key as the record had it before; only when {@link #hasReplaced}. */
    String replacedKey() {
        return replacedKey;
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
