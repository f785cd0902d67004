package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import io.delivery.failure.OpenedSoFar;
import io.delivery.home.KeptStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes components for one stream, and remembers them: all of them are closed when the stream has
 * ended, those of a change that was refused at once. Thread-safe.
 */
final class OwnedComponents implements ComponentFactory {
    private final ComponentFactory factory;
    private final List<StreamComponents> made;

    /** For a stream that has none yet. */
    OwnedComponents(ComponentFactory factory) {
        this(factory, new ArrayList<>(1));
    }

    private OwnedComponents(ComponentFactory factory, List<StreamComponents> made) {
        this.factory = factory;
        this.made = made;
    }

    /** Those of the same stream, made by somebody else from now on. */
    OwnedComponents madeBy(ComponentFactory next) {
        return new OwnedComponents(next, made);
    }

    /**
     * A set of each log's lanes, by the logs' names: lanes run side by side, and components are not
     * safe for that. When one of them cannot be made, those that were are closed.
     */
    Map<String, StreamComponents> ofEach(Collection<String> logs, StreamDefinition version) {
        Map<String, StreamComponents> sets = new HashMap<>();
        try {
            for (String log : logs) {
                sets.put(log, components(version));
            }
            return sets;
        } catch (Throwable refused) { // also errors
            OpenedSoFar.closeAfter(refused, () -> close(sets.values()));
            throw refused;
        }
    }

    /** What makes something of sets of components, from then on whoever works with them. */
    @FunctionalInterface
    interface Taking<T, E extends Exception> {
        T take(Map<String, StreamComponents> sets) throws E;
    }

    /** Hands sets of components over; whatever keeps them from being taken, they are closed. */
    <T, E extends Exception> T handOver(Map<String, StreamComponents> sets, Taking<T, E> taking)
            throws E {
        try {
            return taking.take(sets);
        } catch (Throwable failed) { // also errors
            OpenedSoFar.closeAfter(failed, () -> close(sets.values()));
            throw failed;
        }
    }

    @Override
    public StreamComponents components(StreamDefinition definition) {
        return remembered(factory.components(definition));
    }

    @Override
    public StreamComponents componentsOf(KeptStream old, int version) throws IOException {
        return remembered(factory.componentsOf(old, version));
    }

    private StreamComponents remembered(StreamComponents components) {
        synchronized (made) {
            made.removeIf(StreamComponents::isClosed); // by the lanes, which are through with them
            made.add(components);
        }
        return components;
    }

    /** Nothing works with these, and nothing will. */
    private void close(Collection<StreamComponents> refused) {
        synchronized (made) {
            made.removeAll(refused);
        }
        StreamComponents.close(refused);
    }

    /** Nothing works with any of them any more. */
    void close() {
        List<StreamComponents> all;
        synchronized (made) {
            all = List.copyOf(made);
            made.clear();
        }
        StreamComponents.close(all);
    }
}
