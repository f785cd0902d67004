package io.delivery.wiring;

import io.delivery.metrics.Metrics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fields without a column of each stream, from its first components to its last: other
 * components of the same stream go on counting where the former did. Thread-safe.
 */
final class FieldsOfStreams {
    private final Map<String, Counted> byStream = new HashMap<>();

    private static final class Counted {
        private final FieldsWithoutColumn fields;
        private int users;

        private Counted(FieldsWithoutColumn fields) {
            this.fields = fields;
        }
    }

    /** For components that are made; each use is given back by {@link #leave}. */
    synchronized FieldsWithoutColumn join(String stream, Metrics metrics) {
        Counted counted =
                byStream.computeIfAbsent(
                        stream, name -> new Counted(new FieldsWithoutColumn(metrics, name)));
        counted.users++;
        return counted.fields;
    }

    /** Components are closed. The counts of a stream without any are forgotten. */
    synchronized void leave(String stream) {
        Counted counted = byStream.get(stream);
        if (--counted.users == 0) {
            byStream.remove(stream);
        }
    }

    /** Empty when the stream converts nothing at present. */
    synchronized Optional<FieldsWithoutColumn> of(String stream) {
        return Optional.ofNullable(byStream.get(stream)).map(counted -> counted.fields);
    }
}
