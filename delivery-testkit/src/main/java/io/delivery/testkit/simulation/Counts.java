package io.delivery.testkit.simulation;

import java.util.Map;
import java.util.TreeMap;

/** What happened in simulated worlds, by name: shows that they were not idle. Not thread-safe. */
public final class Counts {
    private final TreeMap<String, Long> counts = new TreeMap<>();

    /** One more of these. */
    public void add(String what) {
        add(what, 1);
    }

    /** So many more of these. */
    public void add(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    /** Everything that the other counted as well. */
    public void add(Counts other) {
        other.counts.forEach(this::add);
    }

    /** How many there were. */
    public long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /** How many there were of everything whose name begins so. */
    public long ofAll(String prefix) {
        return counts.entrySet().stream()
                .filter(count -> count.getKey().startsWith(prefix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** One line each. */
    public String lines() {
        StringBuilder lines = new StringBuilder();
        counts.forEach((what, times) -> lines.append("%,16d  %s%n".formatted(times, what)));
        return lines.toString();
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
