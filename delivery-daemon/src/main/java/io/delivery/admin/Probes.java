package io.delivery.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;

/**
 * What the process says of itself.
 *
 * @param live the process answers and its flusher makes progress
 * @param ready recovery is done and a stream can accept; a dead store or a full journal does not
 *     make it unready: 503 with a reason beats a vanished endpoint
 * @param metrics writes the metrics page
 * @param configuration tells what another configuration would change
 */
public record Probes(
        Supplier<Health> live,
        Supplier<Health> ready,
        MetricsPage metrics,
        ConfigDesk configuration) {
    /** Writes the page that Prometheus reads. */
    public interface MetricsPage {
        /** Prometheus text format 0.0.4. */
        void writeTo(OutputStream out) throws IOException;
    }
}
