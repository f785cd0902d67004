package io.delivery.jq.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is looked for in an object of a record, and whether its own value is looked for, too. */
final class Members {
    /** Names of one object that are looked for. */
    static final int MOST_NAMES = Long.SIZE;

    /** How many names lead here. */
    final int depth;

    /** The place of the value itself; -1 when nobody looks at it as a whole. */
    int place = -1;

    /** The places here and below. */
    int[] places = {};

    /** In the order of {@link #names}. */
    Members[] below = {};

    private final List<String> names = new ArrayList<>();
    private NameTable table;

    Members(int depth) {
        this.depth = depth;
    }

    /** What is looked for under a name; null when there is no room for one more name. */
    Members under(String name) {
        int index = names.indexOf(name);
        if (index >= 0) {
            return below[index];
        }
        if (names.size() == MOST_NAMES) {
            return null;
        }
        names.add(name);
        below = Arrays.copyOf(below, names.size());
        below[names.size() - 1] = new Members(depth + 1);
        table = null;
        return below[names.size() - 1];
    }

    /** One more place is here or below. */
    void add(int place) {
        places = Arrays.copyOf(places, places.length + 1);
        places[places.length - 1] = place;
    }

    boolean hasNames() {
        return !names.isEmpty();
    }

    /** Other names, here and below, are remembered no longer. */
    void forgetNames() {
        table = null;
        for (Members members : below) {
            members.forgetNames();
        }
    }

    /** Its names by their bytes. */
    NameTable table() {
        if (table == null) {
            table = new NameTable(names);
        }
        return table;
    }
}
