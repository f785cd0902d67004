package io.delivery.telemetry;

import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * Every {@link Metric} as a Prometheus metric of the same name, with the label {@code stream} and
 * the metric's own. Gauges are read when the page is written. Thread-safe.
 */
public final class PrometheusMetrics implements Metrics {
    /** What {@link #writeTo} writes: text format 0.0.4. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final double NANOS_PER_SECOND = 1e9;

    /** From 0.1 ms, a fast fsync, to a minute, a slow store. */
    private static final double[] BUCKETS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
        10, 30, 60
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer =
            PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();
    private final Map<Metric, Counter> counters = new EnumMap<>(Metric.class);
    private final Map<Metric, Histogram> histograms = new EnumMap<>(Metric.class);
    private final Map<Metric, Map<String, DoubleSupplier>> gauges = new EnumMap<>(Metric.class);

    public PrometheusMetrics() {
        for (Metric metric : Metric.values()) {
            switch (metric.kind()) {
                case COUNTER -> counters.put(metric, counter(metric));
                case HISTOGRAM -> histograms.put(metric, histogram(metric));
                case GAUGE -> gauges.put(metric, gauge(metric));
            }
        }
    }

    @Override
    public void add(Metric metric, String stream, String label, long amount) {
        Counter counter = counters.get(metric);
        CounterDataPoint point =
                metric.label().isEmpty()
                        ? counter.labelValues(stream)
                        : counter.labelValues(stream, label);
        point.inc(amount);
    }

    @Override
    public void observe(Metric metric, String stream, long nanos) {
        DistributionDataPoint point = histograms.get(metric).labelValues(stream);
        point.observe(nanos / NANOS_PER_SECOND);
    }

    @Override
    public void gauge(Metric metric, String stream, DoubleSupplier value) {
        gauges.get(metric).put(stream, value);
    }

    @Override
    public void remove(String stream) {
        gauges.values().forEach(values -> values.remove(stream));
        counters.values().forEach(counter -> counter.removeIf(labels -> isOf(stream, labels)));
        histograms.values().forEach(all -> all.removeIf(labels -> isOf(stream, labels)));
    }

    /** The stream is every metric's first label. */
    private static boolean isOf(String stream, List<String> labels) {
        return labels.get(0).equals(stream);
    }

    /** Writes all metrics as they are now. */
    public void writeTo(OutputStream out) throws IOException {
        writer.write(out, registry.scrape());
    }

    private Counter counter(Metric metric) {
        String[] labels =
                metric.label().isEmpty()
                        ? new String[] {"stream"}
                        : new String[] {"stream", metric.label()};
        return Counter.builder()
                .name(metric.metricName())
                .help(metric.description())
                .labelNames(labels)
                .register(registry);
    }

    private Histogram histogram(Metric metric) {
        return Histogram.builder()
                .name(metric.metricName())
                .help(metric.description())
                .labelNames("stream")
                .classicOnly()
                .classicUpperBounds(BUCKETS)
                .register(registry);
    }

    private Map<String, DoubleSupplier> gauge(Metric metric) {
        Map<String, DoubleSupplier> values = new ConcurrentHashMap<>();
        GaugeWithCallback.builder()
                .name(metric.metricName())
                .help(metric.description())
                .labelNames("stream")
                .callback(
                        page ->
                                values.forEach(
                                        (stream, value) -> page.call(value.getAsDouble(), stream)))
                .register(registry);
        return values;
    }
}
