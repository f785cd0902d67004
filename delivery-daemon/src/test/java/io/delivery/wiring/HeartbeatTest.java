package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.machine.Machine;
import io.delivery.telemetry.PrometheusMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final Pattern STARTED =
            Pattern.compile("(?m)^delivery_start_time_seconds\\{stream=\"\"} (\\S+)$");

    /** Alerts count how often it changes. */
    @Test
    void the_metrics_say_when_the_service_started() throws IOException {
        PrometheusMetrics metrics = new PrometheusMetrics();
        double before = System.currentTimeMillis() / 1000.0;

        try (Machine machine = new Machine()) {
            new Heartbeat(machine.world(), metrics, () -> {});
        }

        double after = System.currentTimeMillis() / 1000.0;
        assertThat(started(metrics)).isBetween(before, after).isEqualTo(started(metrics));
    }

    private static double started(PrometheusMetrics metrics) throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        metrics.writeTo(page);
        Matcher value = STARTED.matcher(page.toString(StandardCharsets.UTF_8));
        assertThat(value.find()).isTrue();
        return Double.parseDouble(value.group(1));
    }
}
