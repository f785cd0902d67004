package io.delivery.testkit;

import io.delivery.landing.ObjectStore.Found;
import io.delivery.testkit.MemoryStore.Fate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** How the next requests to a {@link MemoryStore} go, told or drawn. Not thread-safe. */
final class StoreWeather {
    private final SimScheduler scheduler;
    private final SimEntropy chance;
    private final Deque<Fate> nextFates = new ArrayDeque<>();
    private final Deque<Found> nextFinds = new ArrayDeque<>();
    private final Map<Fate, Double> shares = new EnumMap<>(Fate.class);
    private double looksLost;
    private int portals;
    private long portalUntilNanos;

    StoreWeather(SimScheduler scheduler, SimEntropy chance) {
        this.scheduler = scheduler;
        this.chance = chance;
    }

    void next(Fate... fates) {
        nextFates.addAll(Arrays.asList(fates));
    }

    void nextFind(Found... answers) {
        nextFinds.addAll(Arrays.asList(answers));
    }

    void share(Fate fate, double share) {
        shares.put(fate, share);
    }

    void looksLost(double share) {
        looksLost = share;
    }

    void portal(Duration length) {
        portals++;
        portalUntilNanos = scheduler.nanoTime() + length.toNanos();
    }

    boolean behindPortal() {
        return portals > 0 && scheduler.nanoTime() < portalUntilNanos;
    }

    /** Everything goes well from now on; a portal stays as long as it was to stay. */
    void heal() {
        nextFates.clear();
        nextFinds.clear();
        shares.clear();
        looksLost = 0;
    }

    /** What becomes of the next landing. */
    Fate fate() {
        if (!nextFates.isEmpty()) {
            return nextFates.remove();
        }
        double drawn = chance.nextDouble();
        for (Map.Entry<Fate, Double> share : shares.entrySet()) {
            drawn -= share.getValue();
            if (drawn < 0) {
                return share.getKey();
            }
        }
        return Fate.PROMPT;
    }

    /**
     * What the next look answers whatever is there; empty when it sees that.
     *
     * @param forbidden whether the caller may not look
     */
    Optional<Found> find(boolean forbidden) {
        if (!nextFinds.isEmpty()) {
            return Optional.of(nextFinds.remove());
        }
        if (forbidden) {
            return Optional.of(Found.FORBIDDEN);
        }
        if (chance.chance(looksLost)) {
            return Optional.of(Found.unknown("the look was lost"));
        }
        return behindPortal() ? Optional.of(Found.stranger("page " + portals)) : Optional.empty();
    }
}
