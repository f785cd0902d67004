package io.delivery.suggest;

/**
 * What a user may choose of a suggested table.
 *
 * @param decimals numbers with a fraction become {@code decimal(38,s)}, where the digits of all
 *     samples fit, instead of {@code double}
 * @param structKeys different keys that an object may have before it becomes a map, when its keys
 *     are rare; 1 to 1,000
 * @param maxColumns columns of the table; the keys that most records have become columns; from 1
 */
public record SuggestOptions(boolean decimals, int structKeys, int maxColumns) {
    public static final int DEFAULT_STRUCT_KEYS = 50;
    public static final int DEFAULT_MAX_COLUMNS = 1_000;
    public static final SuggestOptions DEFAULTS =
            new SuggestOptions(false, DEFAULT_STRUCT_KEYS, DEFAULT_MAX_COLUMNS);

    /**
     * @throws IllegalArgumentException when a number is out of its range; the message is for people
     */
    public SuggestOptions {
        if (structKeys < 1 || structKeys > SampleObserver.MAX_FIELDS) {
            throw new IllegalArgumentException(
                    "must be 1 to %d, was %d".formatted(SampleObserver.MAX_FIELDS, structKeys));
        }
        if (maxColumns < 1 || maxColumns > SampleObserver.MAX_ROOT_FIELDS) {
            throw new IllegalArgumentException(
                    "must be 1 to %d, was %d"
                            .formatted(SampleObserver.MAX_ROOT_FIELDS, maxColumns));
        }
    }
}
