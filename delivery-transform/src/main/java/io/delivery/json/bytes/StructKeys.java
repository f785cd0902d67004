package io.delivery.json.bytes;

/**
 * Says what the keys of one struct, or of a table's rows, mean. The same key always means the same.
 */
public interface StructKeys {
    /** Instead of a field: the value is passed and not counted. */
    int IGNORED = -1;

    /** Instead of a field: the value is passed and counted by {@link #unknown}. */
    int UNKNOWN = -2;

    /** Instead of a field: a record with such a key is given up. */
    int UNDECIDED = -3;

    /** The index of the field that this key fills, or one of the constants. */
    int field(String key);

    /**
     * Whether a key of so many bytes may be remembered, beside those of the other structs of the
     * table; it takes its room then.
     */
    boolean mayRemember(int bytes);

    /**
     * What counts the values of an unknown key. Asked for when a record that has the key was read.
     */
    UnknownField unknown(String key);
}
