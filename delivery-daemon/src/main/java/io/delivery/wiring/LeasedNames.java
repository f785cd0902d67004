package io.delivery.wiring;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Which names components were made with, and how many of them work: a name that is leased may turn
 * up in what is recorded next. Thread-safe.
 */
final class LeasedNames {
    private final Map<String, Integer> leases = new HashMap<>();

    /**
     * Leases a name.
     *
     * @return gives it back; once, however often it is called
     */
    Runnable lease(String name) {
        synchronized (this) {
            leases.merge(name, 1, Integer::sum);
        }
        AtomicBoolean given = new AtomicBoolean();
        return () -> {
            if (given.compareAndSet(false, true)) {
                giveBack(name);
            }
        };
    }

    private synchronized void giveBack(String name) {
        leases.computeIfPresent(name, (same, count) -> count == 1 ? null : count - 1);
    }

    synchronized boolean isLeased(String name) {
        return leases.containsKey(name);
    }
}
