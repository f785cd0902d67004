package io.delivery.testkit.simulation;

import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.testkit.MemoryStore;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimWorld;
import io.delivery.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A store on the other side of a wire: slow, forgetful, late, refusing. It fails the step that
 * would change a visible object.
 */
final class MemoryLake implements SimulatedLake {
    /** Shorter than what lies between two looks that are believed. */
    private static final int LONGEST_PORTAL_MILLIS = 9_000;

    private final MemoryStore store;
    private final boolean mayForbidLooking;

    MemoryLake(SimWorld sim) {
        this.store = sim.store();
        store.partSize(200);
        this.mayForbidLooking = sim.chance().chance(0.5);
        if (sim.chance().chance(0.3)) {
            // A late request then replaces what is there: with the same bytes, or a step fails.
            store.ignoreConditionsOfPut();
        }
        if (sim.chance().chance(0.3)) {
            store.ignoreConditionsOfCompletion();
        }
        if (sim.chance().chance(0.2)) {
            // A value that makes keys which no store takes: its records fail.
            store.refuse(name -> name.key().contains("p=c"));
        }
    }

    @Override
    public ObjectStore open(World world) {
        return store;
    }

    @Override
    public Map<ObjectName, byte[]> visible() {
        Map<ObjectName, byte[]> visible = new LinkedHashMap<>();
        store.visible().forEach((name, object) -> visible.put(name, object.bytes()));
        return visible;
    }

    @Override
    public void badWeather(SimEntropy chance) {
        store.heal();
        store.weather(MemoryStore.Fate.SLOW, chance.chance(0.5) ? 0.3 : 0);
        store.weather(MemoryStore.Fate.ANSWER_LOST, chance.chance(0.5) ? 0.2 : 0);
        store.weather(MemoryStore.Fate.LOST, chance.chance(0.5) ? 0.2 : 0);
        store.weather(MemoryStore.Fate.LATE, chance.chance(0.5) ? 0.2 : 0);
        store.weather(MemoryStore.Fate.DOUBTFUL, chance.chance(0.2) ? 0.2 : 0);
        store.weather(MemoryStore.Fate.DENIED, chance.chance(0.3) ? 0.5 : 0);
        if (chance.chance(0.2)) {
            store.weather(MemoryStore.Fate.DENIED, 1);
        }
        store.looksLost(chance.chance(0.3) ? 0.3 : 0);
        if (mayForbidLooking && chance.chance(0.3)) {
            store.forbidLooking();
        }
        if (chance.chance(0.3)) {
            store.portal(Duration.ofMillis(chance.below(LONGEST_PORTAL_MILLIS)));
        }
    }

    @Override
    public void heal() {
        store.heal();
    }

    @Override
    public List<String> openUploads() {
        return store.openUploads();
    }

    @Override
    public int onTheWire() {
        return store.onTheWire();
    }
}
