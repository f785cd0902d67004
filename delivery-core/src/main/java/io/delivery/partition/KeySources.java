package io.delivery.partition;

import java.util.Optional;
import java.util.Set;

/**
 * Where the partition keys of a stream's records come from, as far as its configuration tells.
 *
 * @param enabled whether the stream is partitioned dynamically
 * @param query whether a query (MetadataExtraction) runs
 * @param queryKeys the keys the query yields; empty when its text does not tell them
 * @param lambda whether a Lambda runs, which may add keys of its own
 */
public record KeySources(
        boolean enabled, boolean query, Optional<Set<String>> queryKeys, boolean lambda) {
    /** Dynamic partitioning is off. */
    public static final KeySources NONE = new KeySources(false, false, Optional.empty(), false);

    /** Dynamic partitioning is on; as yet nothing yields a key. */
    public static final KeySources ENABLED = new KeySources(true, false, Optional.empty(), false);

    /** With a query that yields exactly these keys. */
    public KeySources withQuery(Set<String> keys) {
        return new KeySources(enabled, true, Optional.of(Set.copyOf(keys)), lambda);
    }

    /** With a query whose keys are known only when it runs. */
    public KeySources withQuery() {
        return new KeySources(enabled, true, Optional.empty(), lambda);
    }

    /** With a Lambda in front of the query. */
    public KeySources withLambda() {
        return new KeySources(enabled, query, queryKeys, true);
    }
}
