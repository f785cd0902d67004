package io.delivery.testkit;

import io.delivery.buffer.MemoryBudget;
import io.delivery.crypt.MasterKeys;
import io.delivery.engine.DiskShares;
import io.delivery.engine.EncodingPool;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.engine.Stores;
import io.delivery.landing.Landings;
import io.delivery.ledger.LedgerLimit;
import io.delivery.metrics.Metrics;
import io.delivery.world.World;
import java.nio.file.Path;

/**
 * Builds the engine of a test: ample limits, no metrics and no store, unless the test says
 * otherwise.
 */
public final class TestEngine {
    private static final int ENCODERS = 2;
    private static final int LANDING_SLOTS = 4;

    private final World world;
    private final Path dataDirectory;
    private Metrics metrics = Metrics.NONE;
    private MemoryBudget memory = new MemoryBudget(300L << 20);
    private long diskBytes = 16L << 30;
    private DiskShares.Volume volume = DiskShares.Volume.AMPLE;
    private long encodingBytes = 1L << 20;
    private long largestEncoderBytes = Long.MAX_VALUE;
    private long ledgerBytes = LedgerLimit.DEFAULT_BYTES;
    private LaneLimits limits = LaneLimits.DEFAULTS;
    private Stores stores = name -> null;
    private MasterKeys masterKeys = MasterKeys.NONE;

    private TestEngine(World world, Path dataDirectory) {
        this.world = world;
        this.dataDirectory = dataDirectory;
    }

    public static TestEngine on(World world, Path dataDirectory) {
        return new TestEngine(world, dataDirectory);
    }

    public TestEngine metrics(Metrics counted) {
        metrics = counted;
        return this;
    }

    public TestEngine memory(MemoryBudget budget) {
        memory = budget;
        return this;
    }

    /** The disk limit of all streams together. */
    public TestEngine disk(long bytes) {
        diskBytes = bytes;
        return this;
    }

    /** Where the streams' files are. */
    public TestEngine volume(DiskShares.Volume smaller) {
        volume = smaller;
        return this;
    }

    /** The memory that all encoders together may reserve. */
    public TestEngine encoding(long bytes) {
        encodingBytes = bytes;
        return this;
    }

    /** The memory that one encoder can have when it is the only one. */
    public TestEngine largestEncoder(long bytes) {
        largestEncoderBytes = bytes;
        return this;
    }

    public TestEngine ledger(long bytes) {
        ledgerBytes = bytes;
        return this;
    }

    public TestEngine limits(LaneLimits lanes) {
        limits = lanes;
        return this;
    }

    public TestEngine stores(Stores known) {
        stores = known;
        return this;
    }

    /** What keys of streams are wrapped with. */
    public TestEngine masterKeys(MasterKeys keys) {
        masterKeys = keys;
        return this;
    }

    public Engine build() {
        return new Engine(
                world,
                metrics,
                dataDirectory,
                "test",
                masterKeys,
                memory,
                new DiskShares(diskBytes, volume),
                new EncodingPool(world.scheduler(), ENCODERS, encodingBytes, largestEncoderBytes),
                new Landings(world, Metrics.NONE, LANDING_SLOTS),
                stores,
                limits,
                new LedgerLimit(ledgerBytes));
    }
}
