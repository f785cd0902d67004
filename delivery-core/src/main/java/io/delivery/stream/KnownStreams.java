package io.delivery.stream;

import io.delivery.home.StreamFolders;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which stream has which name. Any thread may look; only the registry's executor of changes writes.
 */
final class KnownStreams {
    /** By the keys of their names. */
    private final Map<String, RegisteredStream> streams = new ConcurrentHashMap<>();

    /** Directories of streams that have been drained: they stay. */
    private final Map<String, Path> drained = new HashMap<>();

    /**
     * The stream of this name. Case matters, but for a closed one whose name only its directory
     * tells, in lower case.
     */
    Optional<RegisteredStream> find(String name) {
        return Optional.ofNullable(streams.get(StreamFolders.key(name)))
                .filter(stream -> stream.name().equals(name) || stream.isNamedByItsDirectory());
    }

    /** All of them, by name. */
    List<RegisteredStream> all() {
        return streams.values().stream()
                .sorted(Comparator.comparing(RegisteredStream::name))
                .toList();
    }

    void put(RegisteredStream stream) {
        streams.put(StreamFolders.key(stream.name()), stream);
        drained.remove(StreamFolders.key(stream.name()));
    }

    void remove(RegisteredStream stream) {
        streams.remove(StreamFolders.key(stream.name()), stream);
    }

    /** It has ended, and its directory stays. */
    void drained(RegisteredStream stream, Path directory) {
        remove(stream);
        drained.put(StreamFolders.key(stream.name()), directory);
    }

    /**
     * @throws RegistryRefusal when no new stream can have this name
     */
    void requireFree(String name) {
        RegisteredStream there = streams.get(StreamFolders.key(name));
        Path left = drained.get(StreamFolders.key(name));
        if (there != null && !there.name().equals(name)) {
            throw new RegistryRefusal(
                    RegistryRefusal.Why.NAME_TAKEN,
                    "stream %s differs from stream %s only by case".formatted(name, there.name()));
        }
        if (there != null) {
            throw new RegistryRefusal(
                    RegistryRefusal.Why.NAME_TAKEN, "there is a stream %s already".formatted(name));
        }
        if (left != null) {
            throw new RegistryRefusal(
                    RegistryRefusal.Why.NAME_TAKEN,
                    "stream %s was configured before, and its directory is still there: %s"
                            .formatted(name, left));
        }
    }
}
