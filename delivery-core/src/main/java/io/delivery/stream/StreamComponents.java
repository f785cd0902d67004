package io.delivery.stream;

import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.components.LaneComponents;
import java.util.Optional;

/** The components of all lanes of one version of a definition. */
public record StreamComponents(LaneComponents main, Optional<LaneComponents> backup)
        implements AutoCloseable {
    /** Those of the lane that delivers to this output. */
    LaneComponents of(Kind kind) {
        return switch (kind) {
            case MAIN -> main;
            case BACKUP -> backup.orElseThrow();
            case PROCESSING_FAILED, FORMAT_CONVERSION_FAILED, DECOMPRESSION_FAILED ->
                    throw new IllegalStateException("no lane of its own: " + kind);
        };
    }

    /** Whether nothing works with any of them any more. */
    boolean isClosed() {
        return main.isClosed() && backup.map(LaneComponents::isClosed).orElse(true);
    }

    /** Nothing works with them any more. May be called again. */
    @Override
    public void close() {
        main.close();
        backup.ifPresent(LaneComponents::close);
    }
}
