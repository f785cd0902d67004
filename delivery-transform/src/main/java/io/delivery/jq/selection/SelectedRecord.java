package io.delivery.jq.selection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.delivery.jq.value.JqText;
import io.delivery.jq.value.JsonReader;
import io.delivery.record.DeliveryRecord;
import java.util.Arrays;
import java.util.List;

/**
 * The values of one record after the other at chosen places, without the rest of the record. A
 * place is a way of names from the record's object on. Not thread-safe.
 *
 * <p>All of a record is checked: one that is read is one value, an object, which {@link JsonReader}
 * reads, and every value is what that reads there. A record is given up that is no such object, or
 * has something that is not decided here: a name that is there twice or with an escape where names
 * are looked for, numbers that are no JSON, more than 64 levels, an object of more than 511
 * members.
 */
public final class SelectedRecord {
    /** More places are not looked for. */
    private static final int MOST_PLACES = 64;

    private static final byte[] NOTHING = {};

    private final Input in = new Input();
    private final ValueScanner scanner = new ValueScanner();
    private final Members root = new Members(0);

    private int places;
    private boolean nested;
    private int[] lengths = {};

    /** Where values begin; -1 for none. */
    private int[] begins = {};

    private int[] ends = {};

    /**
     * How many names of its way lead to the value: fewer when it is no object and there are more.
     */
    private int[] resolved = {};

    /** Values that were asked for. */
    private JsonNode[] values = {};

    /**
     * One more place, or one that is known already.
     *
     * @param names at least one
     * @return the number of the place, which is the same for the same names; -1 when there is no
     *     room for one more
     */
    public int place(List<String> names) {
        Members[] way = new Members[names.size() + 1];
        way[0] = root;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            // Half of a surrogate pair has no bytes in UTF-8.
            boolean hasBytes = JqText.withoutLoneSurrogates(name).equals(name);
            way[i + 1] = hasBytes ? way[i].under(name) : null;
            if (way[i + 1] == null) {
                return -1;
            }
        }
        Members last = way[names.size()];
        nested |= last.hasNames();
        for (int above = 1; above < names.size(); above++) {
            nested |= way[above].place >= 0;
        }
        if (last.place < 0 && places < MOST_PLACES) {
            last.place = places++;
            for (Members members : way) {
                members.add(last.place);
            }
            lengths = Arrays.copyOf(lengths, places);
            lengths[last.place] = names.size();
            begins = new int[places];
            ends = new int[places];
            resolved = new int[places];
            values = new JsonNode[places];
        }
        return last.place;
    }

    /**
     * Whether one place is below another. Each value is read from its own bytes, so that the lower
     * one is another node than the one within the upper value, and jq asks for the same node in
     * paths ({@code .a.b as $x | .a | path(.b | $x)}).
     */
    public boolean isNested() {
        return nested;
    }

    /** How many places there are. */
    public int places() {
        return places;
    }

    /**
     * Reads a record. Its values are there until the next one is read, as long as its bytes stay.
     *
     * @return false when it was given up: nothing is known of it
     */
    public boolean read(DeliveryRecord record) {
        int begin = record.offset();
        in.begin(record.array(), begin + record.length());
        Arrays.fill(begins, -1);
        Arrays.fill(values, null);
        System.arraycopy(lengths, 0, resolved, 0, places);
        int at = in.space(begin);
        if (in.at(at) != '{') {
            return false;
        }
        at = members(root, at + 1);
        return at >= 0 && in.space(at) == in.end;
    }

    /**
     * Reads an object in which something is looked for.
     *
     * @param from the place behind its brace
     * @return the place behind its last brace, or {@link ValueScanner#GIVEN_UP}
     */
    private int members(Members wanted, int from) {
        int at = in.space(from);
        if (in.at(at) == '}') {
            return at + 1;
        }
        int nested = wanted.depth + 1;
        if (nested > ValueScanner.MOST_NESTED) {
            return ValueScanner.GIVEN_UP;
        }
        NameTable table = wanted.table();
        KnownName before = table.beforeFirst();
        long seen = 0;
        for (int members = 1; members <= ValueScanner.MOST_MEMBERS; members++) {
            KnownName name = before.predicted(in, at);
            if (name != null) {
                at = in.space(at + name.length());
            } else {
                if (in.at(at) != '"') {
                    return ValueScanner.GIVEN_UP;
                }
                int begin = at + 1;
                at = scanner.string(in, begin);
                if (at < 0 || scanner.escaped) {
                    return ValueScanner.GIVEN_UP;
                }
                name = table.find(in.array, begin, at - 1 - begin);
                before.followedBy(name);
                at = in.space(at);
                if (in.at(at) != ':') {
                    return ValueScanner.GIVEN_UP;
                }
                at = in.space(at + 1);
            }
            if (name.wanted < 0) {
                at = scanner.value(in, at, nested);
            } else {
                long bit = 1L << name.wanted;
                // Of names that are there twice the last counts, and what was below the first does
                // not any more.
                at =
                        (seen & bit) != 0
                                ? ValueScanner.GIVEN_UP
                                : take(wanted.below[name.wanted], at);
                seen |= bit;
            }
            if (at < 0) {
                return ValueScanner.GIVEN_UP;
            }
            at = in.space(at);
            byte next = in.at(at);
            if (next == '}') {
                return at + 1;
            }
            if (next != ',') {
                return ValueScanner.GIVEN_UP;
            }
            at = in.space(at + 1);
            before = name;
        }
        return ValueScanner.GIVEN_UP;
    }

    /** Reads a value that is looked for, or in which something is. */
    private int take(Members wanted, int from) {
        if (wanted.hasNames() && in.at(from) == '{') {
            int end = members(wanted, from + 1);
            if (wanted.place >= 0) {
                begins[wanted.place] = from;
                ends[wanted.place] = end;
            }
            return end;
        }
        int end = scanner.value(in, from, wanted.depth);
        for (int place : wanted.places) {
            begins[place] = from;
            ends[place] = end;
            resolved[place] = wanted.depth;
        }
        return end;
    }

    /**
     * What the record has on the way to a place: the value there, null when there is none, or, when
     * the way leads through something that is no object, that.
     */
    public JsonNode value(int place) {
        JsonNode value = values[place];
        if (value == null) {
            value = begins[place] < 0 ? NullNode.getInstance() : read(begins[place], ends[place]);
            values[place] = value;
        }
        return value;
    }

    private JsonNode read(int begin, int end) {
        try {
            return new JsonReader(in.array, begin, end).next();
        } catch (JsonReader.NotJsonException passed) {
            throw new IllegalStateException(passed);
        }
    }

    /** How many names of the way to a place lead to its {@link #value}. */
    public int resolved(int place) {
        return resolved[place];
    }

    /** Lets go the names that the records have had, which make reading the next one faster. */
    public void forgetNames() {
        root.forgetNames();
    }

    /** The record has been used: nothing of it is held any more. */
    public void forget() {
        in.begin(NOTHING, 0);
        Arrays.fill(values, null);
    }
}
