package io.delivery.telemetry;

import io.delivery.metrics.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names under which Prometheus has the metrics of the service, each with its labels, those of
 * the target included.
 */
final class MetricNames {
    /** Prometheus and its operator put these on whatever they read from a target. */
    private static final Set<String> TARGET = Set.of("job", "instance", "namespace");

    private final Map<String, Set<String>> labels = new HashMap<>();

    MetricNames() {
        for (Metric metric : Metric.values()) {
            Set<String> own = new TreeSet<>(TARGET);
            own.add("stream");
            if (!metric.label().isEmpty()) {
                own.add(metric.label());
            }
            if (metric.kind() == Metric.Kind.HISTOGRAM) {
                labels.put(metric.metricName() + "_sum", own);
                labels.put(metric.metricName() + "_count", own);
                Set<String> bucket = new TreeSet<>(own);
                bucket.add("le");
                labels.put(metric.metricName() + "_bucket", bucket);
            } else {
                labels.put(metric.metricName(), own);
            }
        }
        labels.put("up", TARGET);
        labels.put("ALERTS", Set.of("alertname", "alertstate", "severity"));
    }

    /** A name that a recording rule makes. */
    void recorded(String name, Set<String> itsLabels) {
        labels.put(name, itsLabels);
    }

    /** Every metric and label of an expression that does not exist. */
    List<String> problems(String expression) {
        PromQl parsed = PromQl.of(expression);
        List<String> problems = new ArrayList<>();
        for (PromQl.Selector selector : parsed.selectors()) {
            Set<String> known = labels.get(selector.metric());
            if (known == null) {
                problems.add("no metric is named " + selector.metric());
                continue;
            }
            for (String label : selector.labels()) {
                if (!known.contains(label)) {
                    problems.add(selector.metric() + " has no label " + label);
                }
            }
        }
        for (String label : parsed.grouped()) {
            if (!labelsOf(expression).contains(label)) {
                problems.add("nothing in \"" + expression + "\" has a label " + label);
            }
        }
        return problems;
    }

    /** The labels that the result may have: those of all metrics in it. */
    Set<String> labelsOf(String expression) {
        Set<String> all = new TreeSet<>();
        for (PromQl.Selector selector : PromQl.of(expression).selectors()) {
            all.addAll(labels.getOrDefault(selector.metric(), Set.of()));
        }
        return all;
    }
}
