package io.delivery.json;

/**
 * Room for the keys that all structs of a table remember together, of those that records have: a
 * table may have many structs, and keys are what others send. Not thread-safe.
 */
final class KeyRoom {
    /** Of all keys, with what is remembered of each beside its letters. */
    static final int MAX_BYTES = 6 << 20;

    /** A key's objects without its letters, of which there are two copies in the end. */
    private static final int BYTES_OF_A_KEY = 200;

    /** Each field beyond the first: where the value of the key goes, and a place in an array. */
    private static final int BYTES_OF_A_FIELD = 40;

    private int left = MAX_BYTES;

    /**
     * Takes room for a key.
     *
     * @param length of the key, in characters or bytes
     * @param fields that it fills; 1 when it fills none
     * @return false when there is none left
     */
    boolean takes(int length, int fields) {
        long bytes = BYTES_OF_A_KEY + 2L * length + (long) BYTES_OF_A_FIELD * (fields - 1);
        if (bytes > left) {
            return false;
        }
        left -= (int) bytes;
        return true;
    }
}
