package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import io.delivery.home.LaneEntry;
import io.delivery.lane.Lane;
import io.delivery.log.Log;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The logs that one stream reads: its journal, and others that it may have. Each of them may forget
 * what all lanes that read it have committed. Thread-safe.
 */
final class Logs {
    private static final long NOTHING = Long.MAX_VALUE;

    private final Map<String, Log> byName;
    private final Supplier<List<Lane>> lanes;

    /**
     * While a lane is about to come to a log: the sequence from which on the log forgets nothing.
     */
    private final Map<String, Long> pinned = new HashMap<>();

    /**
     * @param byName the journal first
     * @param lanes those that are there at present
     */
    Logs(Map<String, Log> byName, Supplier<List<Lane>> lanes) {
        this.byName = byName;
        this.lanes = lanes;
    }

    /**
     * Those that a stream reads beside its journal, by their names.
     *
     * @throws IllegalArgumentException when one has the journal's name
     */
    static Map<String, Log> others(StreamDefinition definition, ComponentFactory factory) {
        Map<String, Log> others = new TreeMap<>(factory.logs(definition));
        if (others.containsKey(LaneEntry.JOURNAL)) {
            throw new IllegalArgumentException(
                    "stream %s: only its own journal is called %s"
                            .formatted(definition.name(), LaneEntry.JOURNAL));
        }
        return others;
    }

    /** All that a stream reads, the journal first. */
    static Map<String, Log> beside(Log journal, Map<String, Log> others) {
        Map<String, Log> logs = new LinkedHashMap<>();
        logs.put(LaneEntry.JOURNAL, journal);
        logs.putAll(others);
        return logs;
    }

    /** The journal first. */
    Set<String> names() {
        return byName.keySet();
    }

    /** The log of this name; null when the stream does not read it. */
    Log of(String name) {
        return byName.get(name);
    }

    /** Lets each log forget what all lanes that read it have committed for good. */
    synchronized void forgetCommitted() {
        // One lock covers which lanes there are and what they have committed.
        List<Lane> present = lanes.get();
        byName.forEach((name, log) -> forgetCommitted(name, log, present));
    }

    private void forgetCommitted(String name, Log log, List<Lane> present) {
        long slowest = pinned.getOrDefault(name, NOTHING);
        for (Lane lane : present) {
            if (LaneEntry.logOf(lane.name()).equals(name)) {
                slowest = Math.min(slowest, lane.durableCheckpoint());
            }
        }
        if (slowest != NOTHING) {
            log.forgetBelow(slowest);
        }
    }

    /** Nothing that a lane will read from here on is forgotten before it is present. */
    synchronized void pin() {
        byName.forEach((name, log) -> pinned.merge(name, log.nextSequence(), Math::min));
    }

    synchronized boolean pinned() {
        return !pinned.isEmpty();
    }

    synchronized void unpin() {
        pinned.clear();
    }
}
