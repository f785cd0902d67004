package io.delivery.benchmarks;

import io.delivery.config.BufferingHints;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import io.delivery.format.EncoderFactory;
import io.delivery.lane.Books;
import io.delivery.lane.LaneStatus;
import io.delivery.lane.components.LaneComponents;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.processing.Processor;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import io.delivery.stream.DeliveryStream;
import io.delivery.stream.Stopping;
import io.delivery.stream.StreamComponents;
import io.delivery.stream.ThrottledException;
import java.io.IOException;
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
 * One stream on an engine of its own, without HTTP, with a directory as store. Its folder is
 * removed at the end.
 */
final class Bench implements AutoCloseable {
    private static final String STORE = BenchEngine.STORE;
    private static final String BUCKET = "clicks";

    private final BenchEngine engine;
    private final DeliveryStream stream;
    private final AtomicLong read = new AtomicLong();

    private Bench(
            BenchEngine engine, StreamDefinition definition, UnaryOperator<StreamComponents> change)
            throws IOException {
        this.engine = engine;
        this.stream = engine.open(definition, components -> change.apply(counting(components)));
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
                        main.bucket(),
                        main.resources()),
                components.backup());
    }

    /**
     * @param change what the benchmark puts in place of the daemon's components
     */
    static Bench open(
            String name, StreamDefinition definition, UnaryOperator<StreamComponents> change)
            throws IOException {
        return open(Scratch.open(name), definition, change);
    }

    /** On a folder that may hold what an earlier one left. */
    static Bench open(
            Scratch scratch, StreamDefinition definition, UnaryOperator<StreamComponents> change)
            throws IOException {
        return new Bench(BenchEngine.onDirectory(scratch), definition, change);
    }

    /** Raw lines, not partitioned. */
    static StreamDefinition raw(BufferingHints hints) {
        return raw("clicks", STORE, hints);
    }

    static StreamDefinition raw(String stream, String store, BufferingHints hints) {
        return definition(
                stream,
                store,
                hints,
                Optional.empty(),
                new FormatSettings.Raw(FormatSettings.Delimiter.LINES),
                Compression.NONE,
                "raw/");
    }

    /** Not partitioned, in this format. */
    static StreamDefinition formatted(FormatSettings format, Compression compression) {
        return definition(
                "clicks",
                STORE,
                new BufferingHints(64, 900, BufferingHints.Latency.STANDARD),
                Optional.empty(),
                format,
                compression,
                "formatted/");
    }

    /** Raw lines, an object per customer: jq takes the key from every record. */
    static StreamDefinition byCustomer(BufferingHints hints, int partitions) {
        return definition(
                "clicks",
                STORE,
                hints,
                Optional.of(
                        new PartitioningSettings(
                                Optional.of("{customer_id: .customer_id}"),
                                Optional.of(Set.of("customer_id")),
                                partitions)),
                new FormatSettings.Raw(FormatSettings.Delimiter.LINES),
                Compression.NONE,
                "clicks/customer=!{partitionKeyFromQuery:customer_id}/");
    }

    private static StreamDefinition definition(
            String stream,
            String store,
            BufferingHints hints,
            Optional<PartitioningSettings> partitioning,
            FormatSettings format,
            Compression compression,
            String prefix) {
        return new StreamDefinition(
                stream,
                1,
                hints,
                TransformSettings.NONE,
                partitioning,
                format,
                new DestinationSettings(
                        store,
                        BUCKET,
                        Optional.of(prefix),
                        Optional.of("errors/!{firehose:error-output-type}/"),
                        compression,
                        ZoneOffset.UTC,
                        Optional.empty()),
                Optional.empty());
    }

    DeliveryStream stream() {
        return stream;
    }

    Path lake() {
        return engine.lake();
    }

    /** Where the journal is: what is compared with it writes on the same disk. */
    Path folder() {
        return engine.folder();
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

    LaneStatus lane() {
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

    /** Stops, and leaves its folder to the next one. */
    void stop() throws IOException {
        stream.stop(Stopping.KEEP_OPEN, Duration.ZERO).toCompletableFuture().join();
        engine.stop();
    }

    @Override
    public void close() throws IOException {
        stop();
        engine.removeFolder();
    }
}
