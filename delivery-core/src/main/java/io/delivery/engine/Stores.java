package io.delivery.engine;

import io.delivery.landing.ObjectStore;

/** The configured stores by name. */
@FunctionalInterface
public interface Stores {
    /** The store of this name; null when there is none. */
    ObjectStore store(String name);
}
