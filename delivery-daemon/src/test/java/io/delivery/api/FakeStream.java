package io.delivery.api;

import io.delivery.api.control.Resolver;
import io.delivery.api.quota.StreamQuota;
import io.delivery.config.BufferingHints;
import io.delivery.config.Compression;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.DestinationSettings;
import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionStatus;
import io.delivery.config.FormatSettings;
import io.delivery.config.Origin;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordBatch;
import io.delivery.stream.StreamPhase;
import io.delivery.stream.StreamStatus;
import io.delivery.stream.ThrottledException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Keeps what it accepts in memory, one call as one list of records. */
public final class FakeStream implements StreamDoor {
    public static final Incarnation INCARNATION = new Incarnation(0x0123456789abcdefL, -2L);

    private final StreamDefinition definition;
    private final List<List<byte[]>> calls = new ArrayList<>();
    private long nextSequence;
    private ThrottledException.Cause throttled;
    private StreamQuota quota = StreamQuota.NONE;
    private StreamPhase phase = StreamPhase.ACTIVE;
    private Origin origin = Origin.YAML;
    private CompletableFuture<Void> durable = CompletableFuture.completedFuture(null);

    public FakeStream(String name) {
        this(plain(name));
    }

    public FakeStream(StreamDefinition definition) {
        this.definition = definition;
    }

    public static StreamDefinition plain(String name) {
        return new StreamDefinition(
                name,
                1,
                BufferingHints.DEFAULTS,
                TransformSettings.NONE,
                Optional.empty(),
                new FormatSettings.Raw(FormatSettings.Delimiter.NONE),
                new DestinationSettings(
                        "lake",
                        "events",
                        Optional.empty(),
                        Optional.empty(),
                        Compression.NONE,
                        ZoneOffset.UTC,
                        Optional.empty()),
                Optional.empty());
    }

    /** From now on no more than that. */
    public synchronized void limit(StreamQuota limit) {
        quota = limit;
    }

    @Override
    public synchronized StreamQuota quota() {
        return quota;
    }

    /** There is room again. */
    public synchronized void throttleNoMore() {
        throttled = null;
    }

    /** From now on there is no room. */
    public synchronized void throttle(ThrottledException.Cause cause) {
        throttled = cause;
    }

    /** From now on it is a stream of the API in this phase. */
    public synchronized void stayIn(StreamPhase wanted) {
        phase = wanted;
        origin = Origin.API;
    }

    /** From now on records become durable only when the given stage completes. */
    public synchronized void durableWith(CompletableFuture<Void> fsync) {
        durable = fsync;
    }

    /** What was accepted, call by call. */
    public synchronized List<List<byte[]>> calls() {
        return List.copyOf(calls);
    }

    /** All records as text, in order. */
    public synchronized List<String> texts() {
        return calls.stream().flatMap(List::stream).map(String::new).toList();
    }

    @Override
    public synchronized CompletionStage<AcceptedBatch> accept(RecordBatch batch) {
        if (throttled != null) {
            return CompletableFuture.failedFuture(new ThrottledException(throttled));
        }
        long first = nextSequence;
        nextSequence += batch.count();
        // Reads the records only when they become durable: until then the array must not change.
        return durable.thenApply(
                done -> {
                    keep(batch);
                    return new AcceptedBatch(INCARNATION, first, batch.count(), false);
                });
    }

    private synchronized void keep(RecordBatch batch) {
        List<byte[]> records = new ArrayList<>();
        RecordBatch.Cursor cursor = batch.cursor();
        for (DeliveryRecord r = cursor.next(); r != null; r = cursor.next()) {
            records.add(r.toByteArray());
        }
        calls.add(records);
    }

    @Override
    public CompletionStage<Void> flush() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized StreamStatus status() {
        return new StreamStatus(
                definition.name(),
                definition.version(),
                origin,
                phase,
                INCARNATION.hex(),
                1_700_000_000_123L,
                Optional.empty(),
                0,
                0,
                List.of(),
                "",
                List.of());
    }

    @Override
    public Optional<EncryptionStatus> encryption() {
        return Optional.of(EncryptionStatus.DISABLED);
    }

    @Override
    public Optional<StreamDefinition> definition() {
        return Optional.of(definition);
    }

    @Override
    public int version() {
        return definition.version();
    }

    @Override
    public Optional<String> tags() {
        return Optional.empty();
    }

    @Override
    public Optional<String> document() {
        return Optional.empty();
    }

    private static final Resolver NO_NAMES =
            new Resolver() {
                @Override
                public DeliveryConfig config() {
                    throw new IllegalStateException("no definition is read");
                }

                @Override
                public Optional<Set<String>> queryKeys(String query) {
                    throw new IllegalStateException("no definition is read");
                }

                @Override
                public void checkTimestampFormat(String format) {
                    throw new IllegalStateException("no definition is read");
                }
            };

    private static final StreamChanges NO_CHANGES =
            new StreamChanges() {
                @Override
                public CompletionStage<Void> create(StreamDefinition made, String document) {
                    throw new IllegalStateException("nothing is made");
                }

                @Override
                public CompletionStage<Void> update(
                        StreamDefinition changed, String document, int expectedVersion) {
                    throw new IllegalStateException("nothing is changed");
                }

                @Override
                public CompletionStage<Void> tag(
                        String name, UnaryOperator<Optional<String>> change) {
                    throw new IllegalStateException("nothing is tagged");
                }

                @Override
                public CompletionStage<Void> encryption(
                        String name, Optional<EncryptionSettings> settings) {
                    throw new IllegalStateException("nothing is encrypted");
                }

                @Override
                public CompletionStage<Void> delete(String name) {
                    throw new IllegalStateException("nothing is deleted");
                }
            };

    /** Streams by name, none of which has a table. */
    public static Streams among(FakeStream... streams) {
        return among(null, streams);
    }

    /**
     * Streams by name.
     *
     * @param outside what is asked for tables
     */
    static Streams among(Outside outside, FakeStream... streams) {
        return new Streams() {
            @Override
            public Optional<StreamDoor> look(String name) {
                for (FakeStream stream : streams) {
                    if (stream.definition.name().equals(name)) {
                        return Optional.of(stream);
                    }
                }
                return Optional.empty();
            }

            @Override
            public List<String> names() {
                return java.util.Arrays.stream(streams).map(s -> s.definition.name()).toList();
            }

            @Override
            public StreamChanges changes() {
                return NO_CHANGES;
            }

            @Override
            public Outside outside() {
                return outside;
            }

            @Override
            public Resolver resolver() {
                return NO_NAMES;
            }
        };
    }
}
