package io.delivery.proof;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Where objects land, seen from outside: not through the proxy, not with the program's own idea of
 * what it has written. Used by several threads.
 */
public interface Lake extends AutoCloseable {
    /** Length of every object whose key begins like this, by key. */
    Map<String, Long> list(String prefix) throws IOException;

    /** The object's bytes; empty when it is not there. */
    Optional<byte[]> read(String key) throws IOException;

    /** How many versions and delete markers each key has; empty when the bucket keeps none. */
    Optional<Map<String, Integer>> versions(String prefix) throws IOException;

    /** Removes an object with all versions that we may remove; nothing when it is not there. */
    void remove(String key) throws IOException;

    @Override
    void close();
}
