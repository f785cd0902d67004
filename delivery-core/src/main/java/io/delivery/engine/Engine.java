package io.delivery.engine;

import io.delivery.buffer.MemoryBudget;
import io.delivery.crypt.MasterKeys;
import io.delivery.landing.Landings;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.SkippedFolder;
import io.delivery.ledger.LedgerLimit;
import io.delivery.metrics.Metrics;
import io.delivery.world.World;
import java.nio.file.Path;

/**
 * What all streams of a process share.
 *
 * @param dataDirectory where journals and lanes live
 * @param programVersion written into lane states
 * @param masterKeys wrap the keys of streams
 * @param ledger bounds the ledgers of all lanes, those of deleted streams included
 */
public record Engine(
        World world,
        Metrics metrics,
        Path dataDirectory,
        String programVersion,
        MasterKeys masterKeys,
        MemoryBudget memory,
        DiskShares disk,
        EncodingPool encoding,
        Landings landings,
        Stores stores,
        LaneLimits limits,
        LedgerLimit ledger) {
    /** Where skipped objects go is a store as any other, without a name in the configuration. */
    public Engine {
        stores = new WithSkippedFolder(stores, new SkippedFolder(dataDirectory, world));
    }

    private record WithSkippedFolder(Stores configured, ObjectStore skipped) implements Stores {
        @Override
        public ObjectStore store(String name) {
            return name.equals(LaneRecord.Redirect.LOCAL_FOLDER) ? skipped : configured.store(name);
        }

        @Override
        public boolean isConfigured(String name) {
            return name.equals(LaneRecord.Redirect.LOCAL_FOLDER) || configured.isConfigured(name);
        }
    }
}
