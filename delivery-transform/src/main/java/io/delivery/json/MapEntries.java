package io.delivery.json;

import io.delivery.format.RowBuffer;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The entries of a map that is being read. Of two keys that become the same, because they are
 * lower-cased or because they are one value of the keys' type ({@code 1} and {@code 01} of a {@code
 * map<int,…>}), the one that was not lower-cased counts, else the last one, with all of its value;
 * its entry stands in the place of the first. So does Hive's deserializer, which puts entries into
 * a {@code LinkedHashMap} by their typed keys (org.apache.hive.hcatalog.data.JsonSerDe). Not
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

    /** Of each entry: its slot, in rising order, and the key that has filled it. */
    private int[] slots = new int[FEW];

    private String[] writtenKeys = new String[FEW];
    private String[] names = new String[FEW];

    /** The key whose value the last one has replaced; null when it has replaced none. */
    private String replacedKey;

    private String replacedName;

    /** What the slot of a key holds. */
    enum Kind {
        BYTES,
        /** A text that blanks at its end make no other: a char is filled up with them. */
        CHAR,
        NUMBER,
        /** A double, of which the file keeps a float. */
        FLOAT,
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

    /** The slot becomes a map without entries. {@link #forget} ends it. */
    void begin(RowBuffer row, int slot) {
        row.setFirst(slot, -1);
        map = slot;
        last = -1;
    }

    /** The map has been read, or does not fit: nothing of its keys is held any more. */
    void forget() {
        if (slots.length > MANY) {
            slots = new int[FEW];
            writtenKeys = new String[FEW];
            names = new String[FEW];
        } else {
            Arrays.fill(writtenKeys, 0, count, null);
            Arrays.fill(names, 0, count, null);
        }
        count = 0;
        lookup = null;
        replacedKey = null;
        replacedName = null;
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
            return replaced(same, written, name);
        }
        append(row, entry, written, name);
        return entry + 1;
    }

    private int replaced(int entry, String written, String name) {
        int at = Arrays.binarySearch(slots, 0, count, entry);
        boolean lowered = !name.equals(written);
        if (lowered && names[at].equals(writtenKeys[at])) {
            return ANOTHER_COUNTS;
        }
        replacedKey = writtenKeys[at];
        replacedName = names[at];
        writtenKeys[at] = written;
        names[at] = name;
        return entry + 1;
    }

    private void append(RowBuffer row, int entry, String written, String name) {
        if (count == slots.length) {
            slots = Arrays.copyOf(slots, count * 2);
            writtenKeys = Arrays.copyOf(writtenKeys, count * 2);
            names = Arrays.copyOf(names, count * 2);
        }
        slots[count] = entry;
        writtenKeys[count] = written;
        names[count] = name;
        if (last < 0) {
            row.setFirst(map, entry);
        } else {
            row.setNext(last, entry);
        }
        last = entry;
        count++;
    }

    /** Whether the last key that was taken was there before, so that its value is another now. */
    boolean hasReplaced() {
        return replacedKey != null;
    }

    /** The key, as the record has it, whose value does not count any more. */
    String replacedKey() {
        return replacedKey;
    }

    /** The same as the map has it: what was kept of its value is known by that. */
    String replacedName() {
        return replacedName;
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
        if (kind != Kind.BYTES && kind != Kind.CHAR) {
            return keyOf(row, one).equals(keyOf(row, other));
        }
        int a = row.offset(one);
        int b = row.offset(other);
        byte[] bytes = row.bytes();
        return Arrays.equals(bytes, a, a + length(row, one), bytes, b, b + length(row, other));
    }

    private Object keyOf(RowBuffer row, int slot) {
        return switch (kind) {
            case BYTES, CHAR ->
                    new String(
                            row.bytes(),
                            row.offset(slot),
                            length(row, slot),
                            StandardCharsets.ISO_8859_1);
            case NUMBER -> row.number(slot);
            case FLOAT -> (float) row.real(slot);
            case TIMESTAMP -> row.number(slot) + "." + row.extra(slot);
        };
    }

    /** Bytes of a key that tell it from others. */
    private int length(RowBuffer row, int slot) {
        int length = row.extra(slot);
        int offset = row.offset(slot);
        while (kind == Kind.CHAR && length > 0 && row.bytes()[offset + length - 1] == ' ') {
            length--;
        }
        return length;
    }
}
