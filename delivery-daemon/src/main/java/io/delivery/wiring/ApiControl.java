package io.delivery.wiring;

import io.delivery.api.ApiException;
import io.delivery.api.Outside;
import io.delivery.api.StreamChanges;
import io.delivery.api.control.Resolver;
import io.delivery.api.quota.Quotas;
import io.delivery.config.ConfigProblems.Problem;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.EncryptionSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.config.StoreSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.engine.DiskLimitException;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.stream.DefinedStream;
import io.delivery.stream.StreamRegistry;
import io.delivery.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The registry and the configuration in force, as the API's control operations need them. */
final class ApiControl implements StreamChanges, Outside {
    /** What does not answer must not hold up every creation. */
    private static final int LOOKS_AT_A_TIME = 4;

    /** How long a store may take for one look: as long as Glue (decision 53). */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final StreamRegistry registry;
    private final CatalogRegistry catalogs;
    private final Supplier<DeliveryConfig> inForce;
    private final Quotas quotas;
    private final BucketLooks buckets;
    private final Executor looks;

    ApiControl(
            StreamRegistry registry,
            StoreRegistry stores,
            CatalogRegistry catalogs,
            Supplier<DeliveryConfig> inForce,
            Quotas quotas,
            World world) {
        this.registry = registry;
        this.catalogs = catalogs;
        this.inForce = inForce;
        this.quotas = quotas;
        this.buckets = new BucketLooks(world.scheduler(), stores::isMissing, PATIENCE);
        this.looks = world.scheduler().pool("outside", LOOKS_AT_A_TIME);
    }

    @Override
    public CompletionStage<Void> create(StreamDefinition definition, String document) {
        return done(registry.create(new DefinedStream(definition, document)));
    }

    @Override
    public CompletionStage<Void> update(
            StreamDefinition definition, String document, int expectedVersion) {
        return done(registry.update(new DefinedStream(definition, document), expectedVersion));
    }

    /** A disk limit without room for one more lane is a quota in the API's words. */
    private static CompletionStage<Void> done(CompletionStage<?> change) {
        return change.handle(
                (made, failure) -> {
                    Throwable cause =
                            failure instanceof CompletionException ? failure.getCause() : failure;
                    if (cause instanceof DiskLimitException full) {
                        throw ApiException.limitExceeded(full.getMessage());
                    }
                    if (cause != null) {
                        throw new CompletionException(cause);
                    }
                    return null;
                });
    }

    @Override
    public CompletionStage<Void> tag(String name, UnaryOperator<Optional<String>> change) {
        return registry.tag(name, change).thenApply(written -> null);
    }

    @Override
    public CompletionStage<Void> encryption(String name, Optional<EncryptionSettings> settings) {
        return registry.encryption(name, settings).thenApply(status -> null);
    }

    @Override
    public CompletionStage<Void> delete(String name) {
        return registry.delete(name).marked().thenRun(() -> quotas.forget(name));
    }

    /** What names mean in the configuration in force. */
    Resolver resolver() {
        return resolver(inForce);
    }

    /**
     * What names mean in a configuration.
     *
     * @param config asked each time
     */
    static Resolver resolver(Supplier<DeliveryConfig> config) {
        return new Resolver() {
            @Override
            public DeliveryConfig config() {
                return config.get();
            }

            @Override
            public Optional<Set<String>> queryKeys(String query) {
                return Programs.OURS.queryKeys(query);
            }

            @Override
            public void checkTimestampFormat(String format) {
                Programs.OURS.checkTimestampFormat(format);
            }
        };
    }

    @Override
    public CompletionStage<Boolean> isMissing(String store, String bucket) {
        Optional<StoreSettings> settings = inForce.get().store(store);
        if (settings.isEmpty() || settings.get().createBuckets()) {
            return CompletableFuture.completedFuture(false);
        }
        return buckets.isMissing(store, bucket);
    }

    @Override
    public CompletionStage<Optional<String>> whyNoTable(SchemaReference table) {
        return CompletableFuture.supplyAsync(() -> catalogs.whyCertainlyNone(table), looks);
    }

    @Override
    public CompletionStage<JsonSerDe> serde(SchemaReference table) {
        return CompletableFuture.supplyAsync(
                () ->
                        catalogs.table(table)
                                .map(TableSchema::serde)
                                .orElse(JsonSerDe.OpenX.DEFAULTS),
                looks);
    }

    @Override
    public CompletionStage<List<Problem>> misfits(FormatSettings.Converted format) {
        return CompletableFuture.supplyAsync(
                () ->
                        catalogs.table(format.schema())
                                .map(table -> TableFit.problems("stream", format, table))
                                .orElse(List.of()),
                looks);
    }
}
