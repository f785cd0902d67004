package io.delivery.wiring;

import io.delivery.admin.Health;
import io.delivery.admin.StreamDesk;
import io.delivery.api.StreamDoor;
import io.delivery.api.Streams;
import io.delivery.config.StreamDefinition;
import io.delivery.engine.Stores;
import io.delivery.landing.Diversion;
import io.delivery.landing.Diverted;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import io.delivery.stream.RegisteredStream;
import io.delivery.stream.StreamPhase;
import io.delivery.stream.StreamRegistry;
import io.delivery.stream.StreamStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The registry's streams, as the API and the admin port see them. */
final class StreamTable implements Streams, StreamDesk {
    private final StreamRegistry registry;
    private final Stores stores;

    StreamTable(StreamRegistry registry, Stores stores) {
        this.registry = registry;
        this.stores = stores;
    }

    /** A stream that callers may put to, or one that is closed: they are told to come again. */
    @Override
    public Optional<StreamDoor> find(String name) {
        return registry.find(name).filter(StreamTable::isThere).map(Door::new);
    }

    private static boolean isThere(RegisteredStream stream) {
        return stream.phase() == StreamPhase.ACTIVE || stream.phase() == StreamPhase.CLOSED;
    }

    @Override
    public List<String> names() {
        return registry.all().stream()
                .filter(StreamTable::isThere)
                .map(RegisteredStream::name)
                .toList();
    }

    @Override
    public List<StreamStatus> all() {
        return registry.all().stream().map(RegisteredStream::status).toList();
    }

    @Override
    public Optional<StreamStatus> status(String stream) {
        return registry.find(stream).map(RegisteredStream::status);
    }

    @Override
    public Optional<CompletionStage<Void>> flush(String stream) {
        return registry.find(stream).map(RegisteredStream::flush);
    }

    @Override
    public Optional<CompletionStage<List<Diverted>>> divert(String stream, Diversion diversion) {
        return registry.find(stream).map(found -> found.divert(diversion));
    }

    @Override
    public boolean hasStore(String name) {
        return stores.store(name) != null;
    }

    @Override
    public boolean usesBucket(String bucket) {
        return registry.all().stream()
                .flatMap(stream -> stream.definition().stream())
                .anyMatch(
                        definition ->
                                definition.destination().bucket().equals(bucket)
                                        || definition
                                                .backup()
                                                .filter(b -> b.bucket().equals(bucket))
                                                .isPresent());
    }

    /** Whether any stream can accept; closed ones are told whatever the answer. */
    Health health() {
        List<String> closed = new ArrayList<>();
        boolean accepts = registry.all().isEmpty();
        for (RegisteredStream stream : registry.all()) {
            if (stream.phase() == StreamPhase.CLOSED) {
                closed.addAll(
                        stream.status().troubles().stream()
                                .map(trouble -> "stream %s: %s".formatted(stream.name(), trouble))
                                .toList());
            } else {
                accepts = true;
            }
        }
        return new Health(accepts, closed);
    }

    private record Door(RegisteredStream stream) implements StreamDoor {
        @Override
        public CompletionStage<AcceptedBatch> accept(RecordBatch batch) {
            return stream.accept(batch);
        }

        @Override
        public CompletionStage<Void> flush() {
            return stream.flush();
        }

        @Override
        public StreamStatus status() {
            return stream.status();
        }

        @Override
        public Optional<StreamDefinition> definition() {
            return stream.definition();
        }
    }
}
