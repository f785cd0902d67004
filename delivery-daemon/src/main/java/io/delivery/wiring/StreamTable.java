package io.delivery.wiring;

import io.delivery.admin.Health;
import io.delivery.admin.ServiceState;
import io.delivery.admin.StreamDesk;
import io.delivery.admin.UnknownFieldTally;
import io.delivery.admin.UsedFunction;
import io.delivery.api.Outside;
import io.delivery.api.StreamChanges;
import io.delivery.api.StreamDoor;
import io.delivery.api.Streams;
import io.delivery.api.control.Resolver;
import io.delivery.api.quota.Quotas;
import io.delivery.api.quota.StreamQuota;
import io.delivery.config.EncryptionStatus;
import io.delivery.config.StreamDefinition;
import io.delivery.engine.Stores;
import io.delivery.landing.Diversion;
import io.delivery.landing.DiversionAnswer;
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
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The registry's streams, as the API and the admin port see them. */
final class StreamTable implements Streams, StreamDesk {
    /** A probe that is asked every few seconds is no place for the troubles of 10,000 streams. */
    private static final int MOST_REASONS = 100;

    private final StreamRegistry registry;
    private final Stores stores;
    private final FunctionRegistry functions;
    private final FieldsOfStreams fields;
    private final ApiControl control;
    private final Quotas quotas;
    private final Supplier<ServiceState> service;

    /**
     * @param service what is to be said of the service itself
     */
    StreamTable(
            StreamRegistry registry,
            Stores stores,
            FunctionRegistry functions,
            FieldsOfStreams fields,
            ApiControl control,
            Quotas quotas,
            Supplier<ServiceState> service) {
        this.control = control;
        this.quotas = quotas;
        this.service = service;
        this.registry = registry;
        this.stores = stores;
        this.functions = functions;
        this.fields = fields;
    }

    @Override
    public Optional<StreamDoor> look(String name) {
        return registry.find(name)
                .filter(StreamTable::isThere)
                .map(stream -> new Door(stream, quotas.of(stream.name())));
    }

    /** One that the configuration does not name any more is gone for callers. */
    private static boolean isThere(RegisteredStream stream) {
        return stream.phase() != StreamPhase.DRAINING;
    }

    @Override
    public StreamChanges changes() {
        return control;
    }

    @Override
    public Outside outside() {
        return control;
    }

    @Override
    public Resolver resolver() {
        return control.resolver();
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
    public Optional<CompletionStage<DiversionAnswer>> divert(String stream, Diversion diversion) {
        return registry.find(stream).map(found -> found.divert(diversion));
    }

    @Override
    public Optional<UsedFunction> function(String stream) {
        return registry.find(stream)
                .flatMap(RegisteredStream::definition)
                .flatMap(definition -> definition.transform().function())
                .flatMap(
                        name ->
                                functions
                                        .status(name)
                                        .map(status -> new UsedFunction(name, status)));
    }

    @Override
    public Optional<UnknownFieldTally> unknownFields(String stream) {
        return fields.of(stream).map(FieldsWithoutColumn::tally);
    }

    @Override
    public ServiceState service() {
        return service.get();
    }

    @Override
    public boolean hasStore(String name) {
        return stores.isConfigured(name);
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

    /**
     * Whether any stream can accept records. A dead store or a full journal does not make the
     * service unready: a 503 with a reason is better than no answer. The reasons tell it all the
     * same.
     *
     * @param refusal why calls for any stream are answered 503 at present; empty when they are not
     */
    Health health(Optional<String> refusal) {
        List<String> reasons = new ArrayList<>();
        refusal.ifPresent(reasons::add);
        List<RegisteredStream> all = registry.all();
        boolean accepts = all.isEmpty();
        for (RegisteredStream stream : all) {
            accepts |= stream.phase() != StreamPhase.CLOSED;
            reasons(stream.status()).forEach(reasons::add);
        }
        if (reasons.size() > MOST_REASONS) {
            int more = reasons.size() - MOST_REASONS;
            reasons = new ArrayList<>(reasons.subList(0, MOST_REASONS));
            reasons.add("and %,d more: delivery status shows them all".formatted(more));
        }
        return new Health(accepts, reasons);
    }

    private static Stream<String> reasons(StreamStatus status) {
        return Stream.concat(Stream.of(status.refusal()), status.troubles().stream())
                .filter(reason -> !reason.isEmpty())
                .distinct()
                .map(reason -> "stream %s: %s".formatted(status.name(), reason));
    }

    private record Door(RegisteredStream stream, StreamQuota quota) implements StreamDoor {
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
        public Optional<EncryptionStatus> encryption() {
            return stream.encryption();
        }

        @Override
        public Optional<StreamDefinition> definition() {
            return stream.definition();
        }

        @Override
        public int version() {
            return stream.acceptedVersion();
        }

        @Override
        public Optional<String> tags() {
            return stream.tags();
        }

        @Override
        public Optional<String> document() {
            return stream.document();
        }
    }
}
