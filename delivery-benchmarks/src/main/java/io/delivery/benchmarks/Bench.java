package io.delivery.benchmarks;

import io.delivery.buffer.MemoryBudget;
import io.delivery.config.BufferingHints;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.MemoryDivision;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.format.EncoderFactory;
import io.delivery.landing.Landings;
import io.delivery.machine.Machine;
import io.delivery.metrics.Metrics;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.processing.Processor;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import io.delivery.stream.Books;
import io.delivery.stream.DeliveryStream;
import io.delivery.stream.DiskShares;
import io.delivery.stream.EncodingPool;
import io.delivery.stream.Engine;
import io.delivery.stream.LaneComponents;
import io.delivery.stream.StreamComponents;
import io.delivery.stream.StreamStatus;
import io.delivery.stream.ThrottledException;
import io.delivery.wiring.ComponentRegistry;
import io.delivery.wiring.StoreRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * One stream on an engine as the daemon builds it, without HTTP: real disk, real threads, a
 * directory as store, the daemon's own limits but for the disk's. Its folder is removed at the end.
 */
final class Bench implements AutoCloseable {
    private static final long DISK_BYTES = 40L << 30;
    private static final long MEMORY_BYTES = 256L << 20;
    private static final int LANDING_SLOTS = 16;
    private static final String STORE = "lake";
    private static final String BUCKET = "clicks";

    private final Scratch scratch;
    private final Machine machine = new Machine();
    private final StoreRegistry stores;
    private final DeliveryStream stream;
    private final AtomicLong read = new AtomicLong();

    private Bench(
            Scratch scratch, StreamDefinition definition, UnaryOperator<StreamComponents> change)
            throws IOException {
        this.scratch = scratch;
        this.stores =
                StoreRegistry.open(
                        List.of(
                                new StoreSettings(
                                        STORE, new StoreDefinition.Directory(lake()), true, true)),
                        machine.world());
        Path data = Files.createDirectory(scratch.folder().resolve("data"));
        MemoryDivision memory = MemoryDivision.of(MEMORY_BYTES);
        int encoders = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        Engine engine =
                new Engine(
                        machine.world(),
                        Metrics.NONE,
                        data,
                        "benchmark",
                        new MemoryBudget(memory.blockBytes()),
                        new DiskShares(DISK_BYTES),
                        new EncodingPool(
                                machine.world().scheduler(), encoders, memory.encodingBytes()),
                        new Landings(machine.world(), Metrics.NONE, LANDING_SLOTS),
                        stores);
        ComponentRegistry components =
                new ComponentRegistry(List.of(), Metrics.NONE, "us-east-1", "000000000000");
        this.stream =
                DeliveryStream.start(
                        engine,
                        definition,
                        "benchmark",
                        version -> change.apply(counting(components.components(version))));
    }

    private StreamComponents counting(StreamComponents components) {
        LaneComponents main = components.main();
        Optional<PartitionKeyExtractor> extractor =
                main.extractor()
                        .map(
                                keys ->
                                        record -> {
                                            read.incrementAndGet();
                                            return keys.extract(record);
                                        });
        return changed(components, main.processors(), extractor, main.encoder());
    }

    /** The same components but for these of the main lane. */
    static StreamComponents changed(
            StreamComponents components,
            List<Processor> processors,
            Optional<PartitionKeyExtractor> extractor,
            EncoderFactory encoder) {
        LaneComponents main = components.main();
        return new StreamComponents(
                new LaneComponents(
                        main.kind(),
                        main.definitionVersion(),
                        main.hints(),
                        main.splitter(),
                        main.splitters(),
                        processors,
                        extractor,
                        main.activePartitionsLimit(),
                        main.keys(),
                        encoder,
                        main.errorLines(),
                        main.store(),
                        main.bucket()),
                components.backup());
    }

    /**
     * @param change what the benchmark puts in place of the daemon's components
     */
    static Bench open(
            String name, StreamDefinition definition, UnaryOperator<StreamComponents> change)
            throws IOException {
        return new Bench(Scratch.open(name), definition, change);
    }

    /** Raw lines, not partitioned. */
    static StreamDefinition raw(BufferingHints hints) {
        return definition(hints, Optional.empty(), "raw/");
    }

    /** Raw lines, an object per customer: jq takes the key from every record. */
    static StreamDefinition byCustomer(BufferingHints hints, int partitions) {
        return definition(
                hints,
                Optional.of(
                        new PartitioningSettings(
                                "{customer_id: .customer_id}",
                                Optional.of(Set.of("customer_id")),
                                partitions)),
                "clicks/customer=!{partitionKeyFromQuery:customer_id}/");
    }

    private static StreamDefinition definition(
            BufferingHints hints, Optional<PartitioningSettings> partitioning, String prefix) {
        return new StreamDefinition(
                "clicks",
                1,
                hints,
                Optional.empty(),
                partitioning,
                new FormatSettings.Raw(FormatSettings.Delimiter.LINES),
                new DestinationSettings(
                        STORE,
                        BUCKET,
                        Optional.of(prefix),
                        Optional.of("errors/!{firehose:error-output-type}/"),
                        Compression.NONE,
                        ZoneOffset.UTC,
                        Optional.empty()),
                Optional.empty());
    }

    DeliveryStream stream() {
        return stream;
    }

    Path lake() {
        return scratch.folder().resolve("lake");
    }

    /** Where the journal is: what is compared with it writes on the same disk. */
    Path folder() {
        return scratch.folder();
    }

    /** Comes again for as long as there is no room, as a producer does. */
    AcceptedBatch put(RecordBatch batch) {
        while (true) {
            try {
                return stream.accept(batch).toCompletableFuture().join();
            } catch (CompletionException refused) {
                if (!(refused.getCause() instanceof ThrottledException)) {
                    throw refused;
                }
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
        }
    }

    /** Waits until all that was accepted is committed. */
    void flush() {
        stream.flush().toCompletableFuture().join();
    }

    /** Waits until the lane of a partitioned stream has read so many records. */
    void awaitRead(long records) {
        while (read.get() < records) {
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }

    StreamStatus.LaneStatus lane() {
        return stream.status().lanes().get(0);
    }

    /**
     * @throws IllegalStateException unless every record has landed
     */
    void audit(long records) {
        Books books = lane().books();
        if (!books.balanced() || !books.settled() || books.landed() != records) {
            throw new IllegalStateException(records + " records were sent, the books say " + books);
        }
    }

    @Override
    public void close() throws IOException {
        stream.stop(DeliveryStream.Stopping.KEEP_OPEN, Duration.ZERO).toCompletableFuture().join();
        stores.close();
        machine.close();
        scratch.close();
    }
}
