package io.delivery.wiring;

import io.delivery.config.DeliveryConfig;
import io.delivery.home.KeptStream;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LoadedStream;
import io.delivery.loading.LocatedProblem;
import io.delivery.stream.DefinedStream;
import io.delivery.stream.DefinitionRefusedException;

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
}
