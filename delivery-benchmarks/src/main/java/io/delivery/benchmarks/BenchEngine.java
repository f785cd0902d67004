package io.delivery.benchmarks;

import io.delivery.buffer.MemoryBudget;
import io.delivery.config.MemoryDivision;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.crypt.MasterKey;
import io.delivery.crypt.MasterKeys;
import io.delivery.engine.DiskShares;
import io.delivery.engine.EncodingPool;
import io.delivery.engine.Engine;
import io.delivery.engine.LaneLimits;
import io.delivery.engine.Stores;
import io.delivery.landing.Landings;
import io.delivery.ledger.LedgerLimit;
import io.delivery.machine.Machine;
import io.delivery.metrics.Metrics;
import io.delivery.stream.DeliveryStream;
import io.delivery.stream.StreamComponents;
import io.delivery.wiring.ComponentRegistry;
import io.delivery.wiring.StoreRegistry;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * An engine as the daemon builds it: real disk, real threads, the daemon's own limits but for the
 * disk's. Its folder is removed at the end; who opens streams stops them before that.
 */
final class BenchEngine implements AutoCloseable {
    /** What every definition of the benchmarks calls its store. */
    static final String STORE = "lake";

    private static final long DISK_BYTES = Long.getLong("disk", 40L << 30);
    private static final long MEMORY_BYTES = 256L << 20;
    private static final int LANDING_SLOTS = 16;

    private final Scratch scratch;
    private final Machine machine;
    private final Engine engine;
    private final ComponentRegistry components;
    private AutoCloseable stores = () -> {};

    private BenchEngine(Scratch scratch, Machine machine, Stores stores) throws IOException {
        this.scratch = scratch;
        this.machine = machine;
        Path data = Files.createDirectories(scratch.folder().resolve("data"));
        World world = machine.world();
        this.components =
                new ComponentRegistry(List.of(), world, Metrics.NONE, "us-east-1", "000000000000");
        MemoryDivision memory = MemoryDivision.of(MEMORY_BYTES);
        int encoders = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        this.engine =
                new Engine(
                        world,
                        Metrics.NONE,
                        data,
                        "benchmark",
                        new MasterKeys(
                                List.of(new MasterKey("benchmark", new byte[MasterKey.BYTES]))),
                        new MemoryBudget(memory.blockBytes()),
                        new DiskShares(DISK_BYTES),
                        new EncodingPool(
                                world.scheduler(),
                                encoders,
                                memory.encodingBytes(),
                                Long.MAX_VALUE),
                        new Landings(world, Metrics.NONE, LANDING_SLOTS),
                        stores,
                        LaneLimits.DEFAULTS,
                        new LedgerLimit(LedgerLimit.DEFAULT_BYTES));
    }

    /** With the folder {@code lake} beside its data as the only store. */
    static BenchEngine onDirectory(Scratch scratch) throws IOException {
        Machine machine = new Machine();
        StoreRegistry stores =
                StoreRegistry.open(
                        List.of(
                                new StoreSettings(
                                        STORE,
                                        new StoreDefinition.Directory(lake(scratch)),
                                        true,
                                        true)),
                        machine.world());
        BenchEngine engine = new BenchEngine(scratch, machine, stores);
        engine.stores = stores::close;
        return engine;
    }

    /** With stores of the benchmark's own. */
    static BenchEngine on(Scratch scratch, Stores stores) throws IOException {
        return new BenchEngine(scratch, new Machine(), stores);
    }

    private static Path lake(Scratch scratch) {
        return scratch.folder().resolve("lake");
    }

    Path lake() {
        return lake(scratch);
    }

    Path folder() {
        return scratch.folder();
    }

    /**
     * @param change what the benchmark puts in place of the daemon's components
     */
    DeliveryStream open(StreamDefinition definition, UnaryOperator<StreamComponents> change)
            throws IOException {
        return DeliveryStream.start(
                engine,
                definition,
                "benchmark",
                version -> change.apply(components.components(version)));
    }

    /** Leaves its folder to the next one. */
    void stop() throws IOException {
        try {
            stores.close();
        } catch (IOException | RuntimeException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IOException(failed);
        }
        machine.close();
    }

    void removeFolder() throws IOException {
        scratch.close();
    }

    @Override
    public void close() throws IOException {
        stop();
        removeFolder();
    }
}
