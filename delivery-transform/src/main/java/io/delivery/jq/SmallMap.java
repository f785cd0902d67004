package io.delivery.jq;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** A few names and their values, in their order. Immutable: nothing in it is hashed or linked. */
final class SmallMap extends AbstractMap<String, String> {
    /** A search among more would take longer than a hash table's. */
    static final int MOST = 16;

    private final String[] names;
    private final String[] values;

    /**
     * @param names all different
     * @param values as many
     */
    SmallMap(String[] names, String[] values) {
        this.names = names;
        this.values = values;
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public String get(Object name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(Object name) {
        return Arrays.asList(names).contains(name);
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return names.length;
            }

            @Override
            public Iterator<Map.Entry<String, String>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, String>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < names.length;
        }

        @Override
        public Map.Entry<String, String> next() {
            if (next == names.length) {
                throw new NoSuchElementException();
            }
            Map.Entry<String, String> entry = Map.entry(names[next], values[next]);
            next++;
            return entry;
        }
    }
}
