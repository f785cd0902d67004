/**
 * Telemetry: the metrics of the core, for Prometheus.
 *
 * <p>{@link io.delivery.telemetry.PrometheusMetrics} takes what rooms report through {@link
 * io.delivery.metrics.Metrics} and writes the page that a scrape reads.
 */
package io.delivery.telemetry;
