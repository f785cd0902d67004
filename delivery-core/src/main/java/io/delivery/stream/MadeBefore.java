package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import io.delivery.failure.OpenedSoFar;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Components that were made before anything changes, so that whatever refuses them changes nothing:
 * one set for each log that the stream reads, each handed out once. Those that nobody has taken are
 * closed with it.
 */
final class MadeBefore implements ComponentFactory, AutoCloseable {
    private final int version;
    private final Deque<StreamComponents> sets = new ArrayDeque<>();

    private MadeBefore(int version) {
        this.version = version;
    }

    /**
     * @param definition with the version that it will have
     * @throws IllegalArgumentException when one cannot be made; those that were are closed
     */
    static MadeBefore of(StreamDefinition definition, int logs, ComponentFactory factory) {
        MadeBefore made = new MadeBefore(definition.version());
        try {
            for (int i = 0; i < logs; i++) {
                made.sets.add(factory.components(definition));
            }
            return made;
        } catch (Throwable refused) { // also errors
            OpenedSoFar.closeAfter(refused, made::close);
            throw refused;
        }
    }

    @Override
    public StreamComponents components(StreamDefinition definition) {
        if (definition.version() != version || sets.isEmpty()) {
            throw new IllegalStateException(
                    "stream %s: %d sets of components of version %d are left, and one of version %d is asked for"
                            .formatted(
                                    definition.name(), sets.size(), version, definition.version()));
        }
        return sets.removeFirst();
    }

    @Override
    public void close() {
        List<StreamComponents> left = List.copyOf(sets);
        sets.clear();
        StreamComponents.close(left);
    }
}
