package io.delivery.json;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The members of an object that is being written as text, in the order in which they came: their
 * keys, and where their texts begin. Not thread-safe.
 */
final class TextMembers {
    /** Instead of a member: there is none of this key. */
    static final int NONE = -1;

    /** So many keys are compared one by one; more are looked up. */
    private static final int FEW = 8;

    /** Room for more members is not kept for the next object. */
    private static final int MANY = 1024;

    private String[] keys = new String[FEW];
    private boolean[] lowered = new boolean[FEW];
    private int[] starts = new int[FEW];
    private int count;
    private Map<String, Integer> lookup;

    /** An object begins, or the text has been used: nothing of the members is held any more. */
    void clear() {
        if (keys.length > MANY) {
            keys = new String[FEW];
            lowered = new boolean[FEW];
            starts = new int[FEW];
        } else {
            Arrays.fill(keys, 0, count, null);
        }
        count = 0;
        lookup = null;
    }

    /** The last member of this key, or {@link #NONE}. */
    int of(String key) {
        if (lookup != null) {
            return lookup.getOrDefault(key, NONE);
        }
        for (int i = count - 1; i >= 0; i--) {
            if (keys[i].equals(key)) {
                return i;
            }
        }
        return NONE;
    }

    /** Whether the record has written the key of a member in another case than the text has it. */
    boolean isLowered(int member) {
        return lowered[member];
    }

    /** Where the text of a member begins, the comma before it included. */
    int start(int member) {
        return starts[member];
    }

    /**
     * Where the text of a member ends.
     *
     * @param length of the text so far: no member has begun behind the last one
     */
    int end(int member, int length) {
        return member + 1 < count ? starts[member + 1] : length;
    }

    /** Adds a member, whose key takes the place of an equal one. */
    void add(String key, boolean isLowered, int start) {
        if (count == keys.length) {
            keys = Arrays.copyOf(keys, count * 2);
            lowered = Arrays.copyOf(lowered, count * 2);
            starts = Arrays.copyOf(starts, count * 2);
        }
        if (count == FEW) {
            lookup = new HashMap<>();
            for (int i = 0; i < count; i++) {
                lookup.put(keys[i], i);
            }
        }
        if (lookup != null) {
            lookup.put(key, count);
        }
        keys[count] = key;
        lowered[count] = isLowered;
        starts[count++] = start;
    }
}
