package io.delivery.wiring;

import io.delivery.admin.ConfigComparison;
import io.delivery.config.ConfigChange;
import io.delivery.config.DeliveryConfig;
import io.delivery.engine.DiskLimitException;
import io.delivery.failure.FailureText;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import io.delivery.stream.BrokenReloadException;
import io.delivery.stream.DefinedStream;
import io.delivery.stream.DefinitionRefusedException;
import io.delivery.stream.StreamChange;
import io.delivery.stream.StreamRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a service that runs go over to another configuration, all of it or nothing, or finds out what
 * that would change. Thread-safe.
 */
final class Reconfiguration {
    private static final Logger log = LoggerFactory.getLogger(Reconfiguration.class);

    private final DeliveryConfig started;
    private final Supplier<DeliveryConfig> inForce;
    private final StreamRegistry streams;
    private final Components components;

    /** Opens what a configuration needs and there is not yet; nothing has changed then. */
    @FunctionalInterface
    interface Components {
        ConfiguredComponents prepare(DeliveryConfig next, InForce.KeptDefinitions kept)
                throws IOException;
    }

    /**
     * @param started with what the process has started: some of it stays until it ends
     * @param inForce what a reload may have changed since then
     */
    Reconfiguration(
            DeliveryConfig started,
            Supplier<DeliveryConfig> inForce,
            StreamRegistry streams,
            Components components) {
        this.started = started;
        this.inForce = inForce;
        this.streams = streams;
        this.components = components;
    }

    /**
     * Goes over to another configuration while the service runs: streams, stores, functions and
     * catalogs come, change and go. All or nothing. What recorded objects still need stays until
     * they have landed.
     *
     * @param kept reads definitions with the stores and catalogs of that configuration
     * @return what becomes of each stream, once that is durable. Fails with {@link
     *     IllegalArgumentException} when a setting differs that only a restart can change, or when
     *     a stream cannot be what it is to be; with {@link IOException} when a file that a store
     *     names cannot be read
     */
    CompletionStage<List<StreamChange>> reload(LoadedConfig next, InForce.KeptDefinitions kept) {
        AtomicReference<List<ConfigChange>> changes = new AtomicReference<>(List.of());
        return streams.reload(
                        defined(next),
                        () -> {
                            requireTaken(next, kept);
                            ConfiguredComponents prepared = components.prepare(next.config(), kept);
                            changes.set(
                                    ConfigDifference.rows(
                                            List.of(),
                                            prepared.changes(),
                                            started,
                                            inForce.get(),
                                            next.config()));
                            return prepared;
                        })
                .thenApply(
                        ofStreams -> {
                            changes.get().forEach(Reconfiguration::tell);
                            return ofStreams;
                        });
    }

    /** Between two changes of the streams: which of them there are is certain then. */
    private void requireTaken(LoadedConfig next, InForce.KeptDefinitions kept) {
        List<String> refusals = new ArrayList<>();
        SettingChanges.byRestart(started, next.config())
                .forEach(
                        setting ->
                                refusals.add(
                                        "%s: has changed, and only a restart changes it; nothing has been changed"
                                                .formatted(setting.name())));
        refusals.addAll(misfits(next, kept));
        if (!refusals.isEmpty()) {
            throw new DefinitionRefusedException(refusals);
        }
    }

    /** Streams tell of theirs when it is made. */
    private static void tell(ConfigChange change) {
        if (!change.isDifference()) {
            return;
        }
        switch (change.part()) {
            case STORE ->
                    log.info(
                            "configuration changed: store={} change={}",
                            change.name(),
                            change.kind());
            case FUNCTION ->
                    log.info(
                            "configuration changed: function={} change={}",
                            change.name(),
                            change.kind());
            case CATALOG ->
                    log.info(
                            "configuration changed: catalog={} change={}",
                            change.name(),
                            change.kind());
            case SETTING, STREAM ->
                    log.info(
                            "configuration changed: setting={} change={}",
                            change.name(),
                            change.kind());
        }
    }

    /**
     * As below, of a text in the place of a file.
     *
     * @param name what to call it in messages
     */
    CompletionStage<ConfigComparison> compare(ConfigFile file, String name, byte[] text) {
        try {
            LoadedConfig loaded = file.readInstead(name, text, inForce.get());
            return compare(loaded, file.kept(loaded));
        } catch (InvalidConfigException refused) {
            return CompletableFuture.completedFuture(
                    new ConfigComparison(
                            List.of(),
                            refused.problems().stream().map(LocatedProblem::toString).toList()));
        }
    }

    /**
     * What {@link #reload} would change, and why it would refuse: everything is made and asked for
     * that a reload makes and asks for, and nothing of it takes effect. Settings that only a
     * restart changes are rows, and no refusal.
     */
    CompletionStage<ConfigComparison> compare(LoadedConfig next, InForce.KeptDefinitions kept) {
        List<String> refusals = new ArrayList<>();
        AtomicReference<List<ConfigChange>> made = new AtomicReference<>(List.of());
        return streams.tryOut(
                        defined(next),
                        () -> {
                            refusals.addAll(misfits(next, kept));
                            ConfiguredComponents prepared = components.prepare(next.config(), kept);
                            made.set(prepared.changes());
                            return prepared;
                        })
                .handle(
                        (ofStreams, failure) -> {
                            if (failure != null) {
                                reasons(failure).stream()
                                        .filter(reason -> !refusals.contains(reason))
                                        .forEach(refusals::add);
                            }
                            return new ConfigComparison(
                                    ConfigDifference.rows(
                                            failure == null ? ofStreams : List.of(),
                                            made.get(),
                                            started,
                                            inForce.get(),
                                            next.config()),
                                    refusals);
                        });
    }

    /** Why a configuration is refused. */
    static List<String> reasons(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof DefinitionRefusedException several) {
            return several.reasons();
        }
        if (cause instanceof DiskLimitException tooSmall) {
            return List.of("limits.disk: " + tooSmall.getMessage());
        }
        return List.of(
                cause instanceof IllegalArgumentException || cause instanceof BrokenReloadException
                        ? String.valueOf(cause.getMessage())
                        : FailureText.of(cause));
    }

    /** What a stage has failed with. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private List<String> misfits(LoadedConfig next, InForce.KeptDefinitions kept) {
        return new InForce(next.config(), kept).misfits(streams.all());
    }

    private static List<DefinedStream> defined(LoadedConfig config) {
        return config.streams().stream().map(InForce::defined).toList();
    }
}
