package io.delivery.stream;

import io.delivery.config.StreamDefinition;
import io.delivery.home.KeptStream;
import io.delivery.log.Log;
import java.io.IOException;
import java.util.Map;

/** Makes the components that a version of a definition names. */
@FunctionalInterface
public interface ComponentFactory {
    /** Those of the lanes that read one log: asked for once for each log of the stream. */
    StreamComponents components(StreamDefinition definition);

    /**
     * The logs that the stream reads beside its journal, by the names that its lanes' entries have
     * for them ({@link io.delivery.home.LaneEntry}). Asked for once, when the stream is opened;
     * they belong to whoever gives them. Lanes that come to a log begin with what it still has.
     */
    default Map<String, Log> logs(StreamDefinition definition) {
        return Map.of();
    }

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
