package io.delivery.testkit.simulation;

import io.delivery.landing.Diversion;
import io.delivery.landing.DiversionAnswer;
import io.delivery.landing.Diverted;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.SkippedFolder;
import io.delivery.record.ObjectName;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Somebody who leads objects of a stream elsewhere, whether or not they may land. */
final class Diversions {
    private final SimDisk disk;
    private final Path data;
    private final SimEntropy chance;
    private final SimulatedStream stream;
    private final DurableState durable;
    private final Counts counts;

    Diversions(
            SimWorld sim, Path data, SimulatedStream stream, DurableState durable, Counts counts) {
        this.disk = sim.disk();
        this.data = data;
        this.chance = sim.chance();
        this.stream = stream;
        this.durable = durable;
        this.counts = counts;
    }

    /**
     * Leads one object, or all in its bucket, elsewhere, if there is any.
     *
     * @return completes with the answer
     */
    Optional<CompletionStage<?>> some() {
        List<ObjectRecord> recorded = durable.objects();
        if (recorded.isEmpty()) {
            return Optional.empty();
        }
        ObjectRecord one = recorded.get(chance.below(recorded.size()));
        Diversion.Which which =
                chance.chance(0.3)
                        ? new Diversion.Which.Key(one.name().key())
                        : new Diversion.Which.Bucket(one.name().bucket());
        Diversion.Way way =
                chance.chance(0.5) && !one.isKeptLocally()
                        ? new Diversion.Way.Redirect("", one.name().bucket(), "again")
                        : new Diversion.Way.Skip(
                                chance.chance(0.8)
                                        ? Diversion.LocalFolder.ALLOWED
                                        : Diversion.LocalFolder.ASKS_FIRST);
        return Optional.of(
                stream.divert(new Diversion(which, way, Diversion.Looks.MUST_NOT_SEE_IT))
                        .whenComplete((diverted, failure) -> count(diverted)));
    }

    /** Skips what is in trouble: a refusal that only an operator can judge waits for one. */
    void skipWhatIsInTrouble() {
        List<String> troubles = stream.status().troubles();
        for (ObjectRecord object : durable.objects()) {
            String key = object.name().key();
            if (troubles.stream().anyMatch(trouble -> trouble.contains(key))) {
                counts.add("skipped by an operator");
                stream.divert(
                                new Diversion(
                                        new Diversion.Which.Key(key),
                                        new Diversion.Way.Skip(Diversion.LocalFolder.ASKS_FIRST),
                                        Diversion.Looks.MUST_NOT_SEE_IT))
                        .whenComplete((diverted, failure) -> count(diverted));
            }
        }
    }

    private void count(DiversionAnswer diverted) {
        if (diverted != null) {
            for (Diverted one : diverted.objects()) {
                counts.add("diverted: " + one.outcome().getClass().getSimpleName());
            }
            counts.add("lanes that did not divert", diverted.failures().size());
        }
    }

    /** What is in the store, and in the folder of what no store took. */
    Map<ObjectName, byte[]> visible(SimulatedLake lake) throws IOException {
        Map<ObjectName, byte[]> all = new HashMap<>(lake.visible());
        for (Path folder : disk.list(data.resolve(SkippedFolder.NAME))) {
            for (Path file : disk.list(folder)) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".new")) {
                    all.put(stream.nameOfSkipped(name), disk.bytes(file));
                }
            }
        }
        return all;
    }
}
