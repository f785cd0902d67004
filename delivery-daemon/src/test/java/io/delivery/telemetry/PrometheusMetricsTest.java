package io.delivery.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.metrics.Metric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrometheusMetricsTest {
    private final PrometheusMetrics metrics = new PrometheusMetrics();

    @Test
    void counters_carry_the_stream_and_their_own_label() throws IOException {
        metrics.add(Metric.ACCEPTED_RECORDS, "clicks", 3);
        metrics.add(Metric.ACCEPTED_RECORDS, "clicks", 4);
        metrics.add(Metric.SEALS, "clicks", "interval", 1);

        assertThat(page())
                .contains("\ndelivery_accepted_records_total{stream=\"clicks\"} 7.0\n")
                .contains("\ndelivery_seals_total{stream=\"clicks\",trigger=\"interval\"} 1.0\n");
    }

    @Test
    void durations_are_seconds() throws IOException {
        metrics.observe(Metric.FSYNC_SECONDS, "clicks", TimeUnit.MILLISECONDS.toNanos(2));

        assertThat(page())
                .contains("\ndelivery_fsync_seconds_bucket{stream=\"clicks\",le=\"0.001\"} 0\n")
                .contains("\ndelivery_fsync_seconds_bucket{stream=\"clicks\",le=\"0.0025\"} 1\n")
                .contains("\ndelivery_fsync_seconds_count{stream=\"clicks\"} 1\n")
                .contains("\ndelivery_fsync_seconds_sum{stream=\"clicks\"} 0.002\n");
    }

    @Test
    void a_duration_at_a_bound_is_within_it_and_one_beyond_all_bounds_is_counted()
            throws IOException {
        metrics.observe(Metric.FSYNC_SECONDS, "clicks", TimeUnit.SECONDS.toNanos(60));
        metrics.observe(Metric.FSYNC_SECONDS, "clicks", TimeUnit.SECONDS.toNanos(61));

        assertThat(page())
                .contains("\ndelivery_fsync_seconds_bucket{stream=\"clicks\",le=\"30.0\"} 0\n")
                .contains("\ndelivery_fsync_seconds_bucket{stream=\"clicks\",le=\"60.0\"} 1\n")
                .contains("\ndelivery_fsync_seconds_bucket{stream=\"clicks\",le=\"+Inf\"} 2\n")
                .contains("\ndelivery_fsync_seconds_sum{stream=\"clicks\"} 121.0\n");
    }

    @Test
    void what_several_threads_add_at_once_is_counted_as_a_whole() throws IOException {
        IntStream.range(0, 2_000_000)
                .parallel()
                .forEach(
                        i -> {
                            metrics.add(Metric.ACCEPTED_RECORDS, "clicks", 2);
                            metrics.observe(Metric.FSYNC_SECONDS, "clicks", 500_000_000);
                        });

        assertThat(page())
                .contains("\ndelivery_accepted_records_total{stream=\"clicks\"} 4000000.0\n")
                .contains("\ndelivery_fsync_seconds_count{stream=\"clicks\"} 2000000\n")
                .contains("\ndelivery_fsync_seconds_sum{stream=\"clicks\"} 1000000.0\n");
    }

    @Test
    void gauges_are_read_when_the_page_is_written_and_the_last_registration_counts()
            throws IOException {
        AtomicLong bytes = new AtomicLong(1);
        metrics.gauge(Metric.JOURNAL_BYTES, "clicks", () -> -1);
        metrics.gauge(Metric.JOURNAL_BYTES, "clicks", bytes::get);
        metrics.gauge(Metric.JOURNAL_FULL_SECONDS, "clicks", () -> Double.POSITIVE_INFINITY);
        bytes.set(42);

        assertThat(page())
                .contains("\ndelivery_journal_bytes{stream=\"clicks\"} 42.0\n")
                .contains("\ndelivery_journal_full_seconds{stream=\"clicks\"} +Inf\n");
    }

    @Test
    void a_stream_that_is_removed_has_no_metric_any_more_and_the_others_keep_theirs()
            throws IOException {
        for (String stream : List.of("clicks", "views")) {
            for (Metric metric : Metric.values()) {
                switch (metric.kind()) {
                    case COUNTER -> {
                        metrics.add(metric, stream, "one", 1);
                        metrics.add(metric, stream, "two", 1);
                    }
                    case HISTOGRAM -> metrics.observe(metric, stream, 1);
                    case GAUGE -> metrics.gauge(metric, stream, () -> 1);
                }
            }
        }
        String before = page();

        metrics.remove("clicks");

        assertThat(page()).doesNotContain("\"clicks\"");
        assertThat(page().lines().filter(line -> line.contains("\"views\"")))
                .containsExactlyElementsOf(
                        before.lines().filter(line -> line.contains("\"views\"")).toList());
    }

    @Test
    void every_metric_has_its_exact_name_and_its_description() throws IOException {
        for (Metric metric : Metric.values()) {
            switch (metric.kind()) {
                case COUNTER -> metrics.add(metric, "s", "x", 1);
                case HISTOGRAM -> metrics.observe(metric, "s", 1);
                case GAUGE -> metrics.gauge(metric, "s", () -> 1);
            }
        }

        String page = page();

        for (Metric metric : Metric.values()) {
            String name = metric.metricName();
            assertThat(page).contains("# HELP " + name + " " + metric.description() + "\n");
            assertThat(page)
                    .contains("# TYPE " + name + " " + metric.kind().name().toLowerCase() + "\n");
        }
    }

    private String page() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.writeTo(out);
        return "\n" + out.toString(StandardCharsets.UTF_8);
    }
}
