package io.delivery.engine;

import io.delivery.landing.ObjectStore;

/** The stores by name: those that are configured, and those that are not any more and needed. */
@FunctionalInterface
public interface Stores {
    /** The store of this name; null when there is none. */
    ObjectStore store(String name);

    /**
     * Whether it may be counted on from now on. One that is not configured any more stays only for
     * what streams that are open have recorded.
     */
    default boolean isConfigured(String name) {
        return store(name) != null;
    }
}
