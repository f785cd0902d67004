package io.delivery.testkit.simulation;

import io.delivery.record.ObjectName;
import io.delivery.verify.LaneReport;
import io.delivery.verify.Report;
import io.delivery.verify.Verification;
import io.delivery.verify.Watcher;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What is visible of a simulated stream from outside: objects in its stores, and its files. */
final class Audit {
    private final World world;
    private final Path data;
    private final SimulatedLake lake;
    private final SimulatedStream stream;
    private final Diversions diversions;
    private final DurableState durable;
    private final Counts counts;
    private final Map<ObjectName, byte[]> seen = new HashMap<>();

    Audit(
            World world,
            Path data,
            SimulatedLake lake,
            SimulatedStream stream,
            Diversions diversions,
            DurableState durable,
            Counts counts) {
        this.world = world;
        this.data = data;
        this.lake = lake;
        this.stream = stream;
        this.diversions = diversions;
        this.durable = durable;
        this.counts = counts;
    }

    /** What was visible once and is visible now is the same. */
    void unchanged() throws IOException {
        for (Map.Entry<ObjectName, byte[]> one : diversions.visible(lake).entrySet()) {
            byte[] before = seen.putIfAbsent(one.getKey(), one.getValue());
            require(
                    before == null || Arrays.equals(before, one.getValue()),
                    () -> one.getKey() + " was visible with other bytes");
        }
    }

    /** Every part of every accepted record is in one place, and nothing else is anywhere. */
    void everythingLanded() throws IOException {
        unchanged();
        counts.add("objects", stream.audit(diversions.visible(lake)));
        counts.add("records accepted", stream.oracle().accepted().size());
        counts.add("landed before the commit", durable.landedBeforeCommit());
    }

    /** What the user's own command would find. */
    void verify() throws IOException {
        Report found = new Verification(world, data, Watcher.NOBODY).run();
        require(found.findings().none(), () -> "verify found " + found.findings().kept());
        for (LaneReport lane : found.lanes()) {
            require(
                    lane.wholeHistory() && lane.waitingObjects() == 0,
                    () -> "the ledger and the state do not tell of all ranges: " + lane);
        }
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
