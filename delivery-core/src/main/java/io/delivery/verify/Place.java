package io.delivery.verify;

import java.util.Comparator;

/** A bucket of a store. */
public record Place(String store, String bucket) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::store).thenComparing(Place::bucket);

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return store + ":" + bucket;
    }
}
