package io.delivery.json;

import java.util.function.UnaryOperator;

/**
 * Where in a row a value stands: {@code orders[3].price}. Readers set what changes from value to
 * value as they go, which costs nothing; a text is made only when somebody asks for it.
 *
 * <p>A type has no circles, so each position of it is read at most once at a time, and one object
 * for each position is enough. Not thread-safe.
 */
final class ColumnPath {
    /** What messages call a row as a whole, and everything above its columns. */
    private static final String ROOT = "(root)";

    /** What has a meaning in a path, and the sign before those that have none. */
    private static final String SIGNS = ".[]{}\\";

    private static final int NO_INDEX = -1;

    private final ColumnPath parent;
    private final Step step;
    private final boolean namedByRecord;
    private String name = "";
    private int index = NO_INDEX;

    private enum Step {
        ROOT,
        FIELD,
        ELEMENT,
        MAP_KEY,
        MAP_VALUE
    }

    private ColumnPath(ColumnPath parent, Step step, boolean namedByRecord) {
        this.parent = parent;
        this.step = step;
        this.namedByRecord = namedByRecord;
    }

    static ColumnPath root() {
        return new ColumnPath(null, Step.ROOT, false);
    }

    /** A field of this struct; of the root, a column. */
    ColumnPath field(String name) {
        return new ColumnPath(this, Step.FIELD, false).named(name);
    }

    /** Some field of this struct; {@link #named} says which. */
    ColumnPath anyField() {
        return new ColumnPath(this, Step.FIELD, true);
    }

    /** The elements of this array; {@link #at} says which. */
    ColumnPath element() {
        return new ColumnPath(this, Step.ELEMENT, false);
    }

    /** The keys of this map. */
    ColumnPath mapKey() {
        return new ColumnPath(this, Step.MAP_KEY, false);
    }

    /** The values of this map; {@link #named} says of which key. */
    ColumnPath mapValue() {
        return new ColumnPath(this, Step.MAP_VALUE, true);
    }

    ColumnPath named(String now) {
        name = now;
        return this;
    }

    ColumnPath at(int now) {
        index = now;
        return this;
    }

    /** This position is that of the whole array, whose only element has no place of its own. */
    void atNone() {
        index = NO_INDEX;
    }

    /** Whatever the index and the key: {@code orders[].price}, {@code prices{}}. */
    String pattern() {
        return text(Detail.NONE);
    }

    /**
     * With indexes and keys. Two values of a row have the same only when a name or a key has a dot
     * or a bracket in it.
     */
    String unique() {
        return text(Detail.INDEXES_AND_KEYS);
    }

    /**
     * The same with a backslash before what is no sign of the path but part of a name or a key: no
     * two values in different places of a row have the same, and a part's begins with that of its
     * whole.
     */
    String place() {
        return text(Detail.ESCAPED);
    }

    /** Whether this changes none of the names and keys that the record has given. */
    boolean isUnchangedBy(UnaryOperator<String> form) {
        return step == Step.ROOT
                || parent.isUnchangedBy(form) && (!namedByRecord || form.apply(name).equals(name));
    }

    /** For messages: with indexes, but not with keys of maps, which are the record's contents. */
    @Override
    public String toString() {
        return text(Detail.INDEXES);
    }

    private enum Detail {
        NONE,
        INDEXES,
        INDEXES_AND_KEYS,
        ESCAPED
    }

    private String text(Detail detail) {
        if (step == Step.ROOT) {
            return ROOT;
        }
        StringBuilder text = new StringBuilder();
        append(text, detail);
        return text.toString();
    }

    private void append(StringBuilder text, Detail detail) {
        if (step == Step.ROOT) {
            return;
        }
        parent.append(text, detail);
        switch (step) {
            case FIELD -> appendName(text.append(text.isEmpty() ? "" : "."), detail);
            case ELEMENT -> {
                if (detail == Detail.NONE) {
                    text.append("[]");
                } else if (index != NO_INDEX) {
                    text.append('[').append(index).append(']');
                }
            }
            case MAP_KEY -> text.append("{key}");
            case MAP_VALUE -> {
                text.append('{');
                if (detail == Detail.INDEXES_AND_KEYS || detail == Detail.ESCAPED) {
                    appendName(text, detail);
                }
                text.append('}');
            }
            case ROOT -> throw new IllegalStateException("a root has no parent");
        }
    }

    private void appendName(StringBuilder text, Detail detail) {
        if (detail != Detail.ESCAPED) {
            text.append(name);
            return;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (SIGNS.indexOf(c) >= 0) {
                text.append('\\');
            }
            text.append(c);
        }
    }
}
