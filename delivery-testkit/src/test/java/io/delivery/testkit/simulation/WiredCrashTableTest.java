package io.delivery.testkit.simulation;

import io.delivery.testkit.MemoryStore;
import io.delivery.testkit.SimWorld;
import java.util.Set;

/** The crash table before a store on the other side of a wire, with multipart uploads. */
class WiredCrashTableTest extends CrashTableContract {
    @Override
    protected SimulatedLake lake(SimWorld sim) {
        MemoryLake lake = new MemoryLake(sim);
        sim.store().partSize(20);
        sim.store().weather(MemoryStore.Fate.SLOW, 0.3);
        return lake;
    }

    @Override
    protected Set<CrashRow> rowsOfOtherStores() {
        return Set.of(CrashRow.BETWEEN_LINK_AND_FSYNC_OF_THE_DIRECTORY_THEN_A_POWER_CUT);
    }
}
