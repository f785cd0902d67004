package io.delivery.testkit.simulation;

import io.delivery.engine.DataVolume;
import io.delivery.engine.DiskShares;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The volume of a data directory, as a process looks at it when it starts: in some worlds others
 * fill it, so that it is smaller than the disk limit for a while, also over kills and starts, and
 * has room again later.
 */
final class ShortVolume {
    private final SimWorld sim;
    private final SimEntropy chance;
    private final Path data;
    private final long limitBytes;
    private final Counts counts;
    private final boolean lookedAt;
    private boolean isShort;

    /**
     * @param limitBytes the disk limit of the process
     */
    ShortVolume(SimWorld sim, SimEntropy chance, Path data, long limitBytes, Counts counts) {
        this.sim = sim;
        this.chance = chance;
        this.data = data;
        this.limitBytes = limitBytes;
        this.counts = counts;
        this.lookedAt = chance.chance(0.4);
    }

    /** For one process. */
    DiskShares.Volume open() throws IOException {
        return lookedAt ? DataVolume.open(sim.world(), data, limitBytes) : DiskShares.Volume.AMPLE;
    }

    /**
     * In some steps others take most of its room, also that of the reserve when it was given up, or
     * give it back.
     *
     * @return what has happened, if anything has
     */
    Optional<String> maybeChanges() {
        if (!lookedAt || !chance.chance(0.03)) {
            return Optional.empty();
        }
        if (isShort && chance.chance(0.4)) {
            hasRoomAgain();
            return Optional.of("the volume has room again");
        }
        int left = chance.below(chance.chance(0.6) ? 60_000 : (int) limitBytes);
        sim.disk().fullAfter(left);
        isShort = true;
        counts.add("volumes that others filled");
        return Optional.of("the volume has room for %d bytes more".formatted(left));
    }

    void hasRoomAgain() {
        sim.disk().roomAgain();
        isShort = false;
    }

    /** A process is about to start. */
    void countStart() {
        if (isShort) {
            counts.add("starts on a volume that others filled");
        }
    }
}
