package io.delivery.wiring;

import io.delivery.admin.StreamDesk;
import io.delivery.api.StreamDoor;
import io.delivery.api.Streams;
import io.delivery.config.StreamDefinition;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import io.delivery.stream.DeliveryStream;
import io.delivery.stream.StreamStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** The running streams, as the API and the admin port see them. */
final class StreamTable implements Streams, StreamDesk {
    private final Map<String, DeliveryStream> streams = new ConcurrentSkipListMap<>();
    private final Map<String, DeliveryStream> draining = new ConcurrentSkipListMap<>();

    void add(DeliveryStream stream) {
        streams.put(stream.name(), stream);
    }

    /** A stream that nobody may put to any more: seen by operators until it is drained. */
    void addDraining(DeliveryStream stream) {
        draining.put(stream.name(), stream);
    }

    void drained(DeliveryStream stream) {
        draining.remove(stream.name());
    }

    List<DeliveryStream> running() {
        return Stream.concat(streams.values().stream(), draining.values().stream()).toList();
    }

    private Optional<DeliveryStream> any(String name) {
        return Optional.ofNullable(streams.get(name))
                .or(() -> Optional.ofNullable(draining.get(name)));
    }

    @Override
    public Optional<StreamDoor> find(String name) {
        return Optional.ofNullable(streams.get(name)).map(Door::new);
    }

    @Override
    public List<String> names() {
        return List.copyOf(streams.keySet());
    }

    @Override
    public List<StreamStatus> all() {
        return running().stream().map(DeliveryStream::status).toList();
    }

    @Override
    public Optional<StreamStatus> status(String stream) {
        return any(stream).map(DeliveryStream::status);
    }

    @Override
    public Optional<CompletionStage<Void>> flush(String stream) {
        return any(stream).map(DeliveryStream::flush);
    }

    private record Door(DeliveryStream stream) implements StreamDoor {
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
        public StreamDefinition definition() {
            return stream.definition();
        }
    }
}
