package io.delivery.json;

import io.delivery.format.RowBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The entries of the map that keeps the unknown fields of a row, in the order in which their keys
 * came. They can be taken out again. Not thread-safe.
 */
final class KeptEntries {
    /** What stands behind the place of a value in the places of its parts. */
    private static final char[] BEFORE_PARTS = {'.', '[', '{'};

    private Map<String, Entry> byKey = new HashMap<>();
    private final NavigableMap<String, Entry> byPlace = new TreeMap<>();
    private int map;
    private Entry last;

    /** One entry, and the field that it holds. */
    static final class Entry {
        private final String key;
        private final int slot;
        private Entry before;
        private Entry after;
        private String place;
        private String path;
        private boolean asWritten;
        private UnknownFieldCounts.Count count;

        private Entry(String key, int slot) {
            this.key = key;
            this.slot = slot;
        }

        int valueSlot() {
            return slot + 1;
        }

        /** {@link ColumnPath#place} of the field. */
        String place() {
            return place;
        }

        /** {@link ColumnPath#unique} of the field. */
        String path() {
            return path;
        }

        /** Whether the record has written the field's name as the entry's key has it. */
        boolean asWritten() {
            return asWritten;
        }

        UnknownFieldCounts.Count count() {
            return count;
        }
    }

    /** A row begins, whose slot for the map is null. */
    void begin(int slot) {
        forget();
        map = slot;
    }

    /** Nothing is asked of them any more. */
    void forget() {
        if (!byKey.isEmpty()) {
            // A map that was large once is not cleared again and again.
            byKey = new HashMap<>();
            byPlace.clear();
        }
        last = null;
    }

    /** How many there are. */
    int size() {
        return byKey.size();
    }

    /** The entry of this key; null when there is none. */
    Entry of(String key) {
        return byKey.get(key);
    }

    /**
     * Adds an entry behind the others.
     *
     * @param slot of the key, which is set; the next one is that of the value
     */
    Entry add(RowBuffer row, int slot, String key) {
        Entry entry = new Entry(key, slot);
        if (last == null) {
            row.setFirst(map, slot);
        } else {
            row.setNext(last.slot, slot);
            last.after = entry;
            entry.before = last;
        }
        last = entry;
        byKey.put(key, entry);
        return entry;
    }

    /**
     * Says which field an entry holds from now on.
     *
     * @param asWritten whether the record has written its name as the entry's key has it
     */
    void hold(
            Entry entry,
            String place,
            String path,
            boolean asWritten,
            UnknownFieldCounts.Count count) {
        if (entry.place != null) {
            byPlace.remove(entry.place);
        }
        // Mostly they are the same, which is held once.
        entry.place = place.equals(path) ? path : place;
        entry.path = path;
        entry.asWritten = asWritten;
        entry.count = count;
        byPlace.put(entry.place, entry);
    }

    /**
     * Takes out all entries that hold parts of the value at a place.
     *
     * @return these entries
     */
    List<Entry> removeParts(RowBuffer row, ColumnPath of) {
        if (byPlace.isEmpty()) {
            return List.of();
        }
        String place = of.place();
        List<Entry> removed = new ArrayList<>();
        for (char sign : BEFORE_PARTS) {
            Map<String, Entry> parts =
                    byPlace.subMap(place + sign, true, place + (char) (sign + 1), false);
            removed.addAll(parts.values());
            parts.clear();
        }
        removed.forEach(entry -> remove(row, entry));
        return removed;
    }

    private void remove(RowBuffer row, Entry entry) {
        byKey.remove(entry.key);
        if (entry.after == null) {
            last = entry.before;
        } else {
            entry.after.before = entry.before;
        }
        if (entry.before != null) {
            entry.before.after = entry.after;
            row.setNext(entry.before.slot, entry.after == null ? -1 : entry.after.slot);
        } else if (entry.after != null) {
            row.setFirst(map, entry.after.slot);
        } else {
            row.setNull(map);
        }
    }
}
