package io.delivery.stream;

import io.delivery.failure.OpenedSoFar;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.components.LaneComponents;
import java.util.Collection;
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
        OpenedSoFar both = new OpenedSoFar();
        backup.ifPresent(lane -> both.add(lane::close));
        both.add(main::close);
        both.close();
    }

    /** Closes all of these, although one of them does not close in order. */
    static void close(Collection<StreamComponents> sets) {
        OpenedSoFar all = new OpenedSoFar();
        sets.forEach(set -> all.add(set::close));
        all.close();
    }
}
