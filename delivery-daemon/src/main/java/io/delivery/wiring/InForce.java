package io.delivery.wiring;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.StreamDefinition;
import io.delivery.home.KeptStream;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedStream;
import io.delivery.loading.LocatedProblem;
import io.delivery.stream.DefinedStream;
import io.delivery.stream.DefinitionRefusedException;
import io.delivery.stream.RegisteredStream;
import io.delivery.stream.StreamPhase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The configuration that a service runs with.
 *
 * @param kept reads definitions with the stores and catalogs of this configuration
 */
public record InForce(DeliveryConfig config, InForce.KeptDefinitions kept) {
    /** Reads the last definition of a stream that the configuration does not define. */
    @FunctionalInterface
    public interface KeptDefinitions {
        LoadedStream read(KeptStream stream) throws InvalidConfigException;
    }

    /**
     * The definition of a stream that is kept on disk.
     *
     * @throws DefinitionRefusedException when it cannot be used any more
     */
    DefinedStream read(KeptStream stream) {
        try {
            return defined(kept.read(stream));
        } catch (InvalidConfigException refused) {
            throw new DefinitionRefusedException(
                    refused.problems().stream().map(LocatedProblem::toString).toList());
        }
    }

    static DefinedStream defined(LoadedStream stream) {
        return new DefinedStream(stream.definition(), stream.document());
    }

    /**
     * Streams that were made through the API and would be refused with this configuration, or would
     * mean something else: they are read again at each start only, which must not be a surprise.
     *
     * @return a sentence for each
     */
    List<String> misfits(Collection<RegisteredStream> streams) {
        List<String> misfits = new ArrayList<>();
        for (RegisteredStream stream : streams) {
            if (stream.phase() == StreamPhase.DELETING) {
                continue;
            }
            stream.document()
                    .flatMap(document -> misfit(stream, document))
                    .ifPresent(
                            why ->
                                    misfits.add(
                                            "stream %s was made through the API, and %s"
                                                    .formatted(stream.name(), why)));
        }
        return misfits;
    }

    private Optional<String> misfit(RegisteredStream stream, String document) {
        StreamDefinition read;
        try {
            read =
                    kept.read(
                                    new KeptStream(
                                            stream.name(),
                                            stream.origin(),
                                            stream.acceptedVersion(),
                                            document,
                                            Path.of("")))
                            .definition();
        } catch (InvalidConfigException refused) {
            return Optional.of(
                    "could not be used: "
                            + refused.problems().stream()
                                    .map(LocatedProblem::message)
                                    .collect(Collectors.joining("; ")));
        }
        return stream.acceptedDefinition()
                .filter(present -> !present.sameSettingsAs(read))
                .map(
                        present ->
                                "its names would mean something else: its store, its catalog or its function would be another one (store %s for bucket %s, which was %s). Name them in buckets and catalogs, or restart the service"
                                        .formatted(
                                                read.destination().store(),
                                                read.destination().bucket(),
                                                present.destination().store()));
    }
}
