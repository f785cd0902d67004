package io.delivery.stream;

import io.delivery.lane.components.LaneComponents;
import java.util.Optional;

/** The components of all lanes of one version of a definition. */
public record StreamComponents(LaneComponents main, Optional<LaneComponents> backup)
        implements AutoCloseable {
    /** Nothing works with them any more. May be called again. */
    @Override
    public void close() {
        main.close();
        backup.ifPresent(LaneComponents::close);
    }
}
