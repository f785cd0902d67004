package io.delivery.partition;

/**
 * The folders that the configuration gives every key of a main output: those up to the first in
 * whose name a value of the records has a part, or a random string.
 *
 * @param partitioned whether objects differ by values of their records
 * @param count how many folders they are
 * @param written prefix and extension: keys of definitions that have both in common are made alike
 */
public record OwnFolders(boolean partitioned, int count, String written) {
    /**
     * Those that a key begins with. Objects that have them in common differ by what follows; empty
     * when the first folder depends on a value already.
     */
    public String of(String key) {
        int end = 0;
        for (int folder = 0; folder < count; folder++) {
            int slash = key.indexOf('/', end);
            if (slash < 0) {
                return key;
            }
            end = slash + 1;
        }
        return key.substring(0, end);
    }
}
