package io.delivery.crypt;

import java.util.List;
import java.util.Optional;

/**
 * The keys that the operator has configured: the first wraps what is wrapped from now on, the
 * others unwrap what they have wrapped before.
 */
public record MasterKeys(List<MasterKey> all) {
    public static final MasterKeys NONE = new MasterKeys(List.of());

    public MasterKeys {
        all = List.copyOf(all);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The one that wraps; there must be one. */
    public MasterKey first() {
        return all.get(0);
    }

    public Optional<MasterKey> find(String id) {
        return all.stream().filter(key -> key.id().equals(id)).findFirst();
    }
}
