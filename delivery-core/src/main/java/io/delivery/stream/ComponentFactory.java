package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import io.delivery.home.KeptStream;
import java.io.IOException;

/** Makes the components that a version of a definition names. */
@FunctionalInterface
public interface ComponentFactory {
    StreamComponents components(StreamDefinition definition);

    /**
     * Those of an earlier version, for a lane that is drained under it.
     *
     * @param old with that version's document
     * @throws IllegalArgumentException when the document cannot be used any more
     */
    default StreamComponents componentsOf(KeptStream old, int version) throws IOException {
        throw new IllegalArgumentException(
                "stream %s: version %d is not known any more".formatted(old.name(), version));
    }
}
