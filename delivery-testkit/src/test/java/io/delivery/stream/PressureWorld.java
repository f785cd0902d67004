package io.delivery.stream;

import io.delivery.config.BufferingHints;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import io.delivery.engine.Engine;
import io.delivery.erroroutput.ErrorRecordEncoder;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.Books;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.Resources;
import io.delivery.lane.components.Splitters;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.partition.KeyExpression;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.MemoryStore;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.TestEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.DoubleSupplier;

/** Streams that share one small disk, each with a store of its own, in a simulated world. */
final class PressureWorld {
    private static final Path DATA = Path.of("/data");
    private static final int RECORD_BYTES = 64 << 10;

    private final SimWorld sim = SimWorld.seeded(42);
    private final Map<String, MemoryStore> stores = new HashMap<>();
    private final Map<String, DeliveryStream> streams = new HashMap<>();
    private final Numbers numbers = new Numbers();
    private final Engine engine;

    PressureWorld(long diskBytes) throws IOException {
        sim.disk().createDirectories(DATA);
        sim.disk().syncDirectory(DATA.getParent());
        engine =
                TestEngine.on(sim.world(), DATA)
                        .metrics(numbers)
                        .disk(diskBytes)
                        .stores(stores::get)
                        .build();
    }

    /** Starts a stream that delivers whatever a minute or a megabyte has brought. */
    void open(String name) throws IOException {
        MemoryStore store = new MemoryStore(sim.scheduler(), sim.chance().fork());
        store.partSize(1 << 30);
        stores.put(name, store);
        BufferingHints hints = new BufferingHints(1, 60, BufferingHints.Latency.STANDARD);
        StreamDefinition definition =
                new StreamDefinition(
                        name,
                        1,
                        hints,
                        TransformSettings.NONE,
                        Optional.empty(),
                        new FormatSettings.Raw(FormatSettings.Delimiter.NONE),
                        new DestinationSettings(
                                name,
                                "bucket",
                                Optional.empty(),
                                Optional.empty(),
                                Compression.NONE,
                                ZoneOffset.UTC,
                                Optional.empty()),
                        Optional.empty());
        streams.put(
                name,
                DeliveryStream.start(
                        engine, definition, "document", version -> components(name, hints)));
    }

    private static StreamComponents components(String name, BufferingHints hints) {
        return new StreamComponents(
                new LaneComponents(
                        Kind.MAIN,
                        1,
                        hints,
                        Splitters.WHOLE,
                        identity -> null,
                        List.of(),
                        Optional.empty(),
                        Integer.MAX_VALUE,
                        KeyExpression.of(
                                Optional.of("main/"),
                                Optional.of("err/!{firehose:error-output-type}/"),
                                ZoneOffset.UTC,
                                name,
                                ""),
                        new HintsWorld.Plain(),
                        Optional.of(new ErrorRecordEncoder(Optional.empty(), Optional.empty())),
                        name,
                        "bucket",
                        Resources.none()),
                Optional.empty());
    }

    // --- what a test does ---

    void storeGoesAway(String stream) {
        stores.get(stream).weather(MemoryStore.Fate.DENIED, 1);
    }

    void storeComesBack(String stream) {
        stores.get(stream).heal();
    }

    /**
     * Puts one record of 64 KiB; no time passes.
     *
     * @return empty when it was accepted
     */
    Optional<ThrottledException.Cause> put(String stream) {
        CompletableFuture<?> answer =
                streams.get(stream)
                        .accept(RecordBatch.of(sim.clock().millis(), new byte[RECORD_BYTES]))
                        .toCompletableFuture();
        sim.scheduler().runUntilIdle();
        try {
            answer.getNow(null);
            if (!answer.isDone()) {
                throw new AssertionError("accept waits for time to pass");
            }
            return Optional.empty();
        } catch (CompletionException refused) {
            return Optional.of(((ThrottledException) refused.getCause()).why());
        }
    }

    void pass(Duration time) {
        sim.scheduler().runFor(time);
    }

    StreamStatus status(String stream) {
        return streams.get(stream).status();
    }

    Books books(String stream) {
        return status(stream).lanes().get(0).books();
    }

    double gauge(Metric metric, String stream) {
        return numbers.gauges.get(metric + stream).getAsDouble();
    }

    long counter(Metric metric, String stream, String label) {
        return numbers.counters.getOrDefault(metric + stream + label, 0L);
    }

    private static final class Numbers implements Metrics {
        private final Map<String, Long> counters = new HashMap<>();
        private final Map<String, DoubleSupplier> gauges = new HashMap<>();

        @Override
        public void add(Metric metric, String stream, String label, long amount) {
            counters.merge(metric + stream + label, amount, Long::sum);
        }

        @Override
        public void observe(Metric metric, String stream, long nanos) {}

        @Override
        public void gauge(Metric metric, String stream, DoubleSupplier value) {
            gauges.put(metric + stream, value);
        }

        @Override
        public void remove(String stream) {
            throw new AssertionError("no stream is deleted here");
        }
    }
}
