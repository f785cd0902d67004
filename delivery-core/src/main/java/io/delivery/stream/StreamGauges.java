package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import io.delivery.journal.Journal;
import io.delivery.lane.LaneStatus;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.world.Clock;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What a stream's metrics show of its present state, asked for whenever somebody looks. */
final class StreamGauges {
    private final Lanes lanes;
    private final Clock clock;

    StreamGauges(Lanes lanes, Clock clock) {
        this.lanes = lanes;
        this.clock = clock;
    }

    /**
     * @param definition the one in force
     */
    void register(
            Metrics metrics,
            Supplier<StreamDefinition> definition,
            JournalFill fill,
            Journal journal,
            DoubleSupplier journalLimit,
            DoubleSupplier healthy,
            DoubleSupplier encrypts) {
        String stream = definition.get().name();
        metrics.gauge(
                Metric.BUFFER_INTERVAL,
                stream,
                () -> definition.get().buffer().intervalInSeconds());
        metrics.gauge(Metric.JOURNAL_BYTES, stream, journal::bytes);
        metrics.gauge(Metric.JOURNAL_HELD_BYTES, stream, journal::heldBytes);
        metrics.gauge(Metric.JOURNAL_FULL_SECONDS, stream, fill::secondsUntilFull);
        metrics.gauge(Metric.JOURNAL_LIMIT_BYTES, stream, journalLimit);
        metrics.gauge(
                Metric.BUFFERED_RECORDS,
                stream,
                () -> mains().mapToLong(lane -> lane.books().buffered()).sum());
        metrics.gauge(
                Metric.ACTIVE_PARTITIONS,
                stream,
                () -> mains().mapToLong(LaneStatus::activePartitions).sum());
        metrics.gauge(Metric.SPOOL_BYTES, stream, () -> sum(LaneStatus::spoolBytes));
        metrics.gauge(Metric.STAGING_BYTES, stream, () -> sum(LaneStatus::stagingBytes));
        metrics.gauge(Metric.MEMORY_BYTES, stream, () -> sum(LaneStatus::memoryBytes));
        metrics.gauge(Metric.VISIBLE_VOID_OBJECTS, stream, () -> sum(LaneStatus::visibleVoids));
        metrics.gauge(Metric.STREAM_HEALTHY, stream, healthy);
        metrics.gauge(Metric.STREAM_ENCRYPTED, stream, encrypts);
        metrics.gauge(Metric.BOOKS_BALANCED, stream, () -> balanced() ? 1 : 0);
        metrics.gauge(Metric.FRESHNESS, stream, this::freshness);
    }

    private Stream<LaneStatus> mains() {
        return lanes.mains().stream().map(lane -> lane.snapshot().status());
    }

    private boolean balanced() {
        return lanes.all().stream().allMatch(l -> l.snapshot().status().books().balanced());
    }

    /** Age of the oldest record that is not committed, seconds. */
    private double freshness() {
        OptionalLong oldest =
                mains().mapToLong(LaneStatus::oldestMillis).filter(at -> at != 0).min();
        return oldest.isEmpty() ? 0 : Math.max(0, clock.millis() - oldest.getAsLong()) / 1000.0;
    }

    private double sum(ToLongFunction<LaneStatus> value) {
        return lanes.all().stream().mapToLong(l -> value.applyAsLong(l.snapshot().status())).sum();
    }
}
