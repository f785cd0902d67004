package io.delivery.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.stream.ThrottledException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The alert rules name what there is, and people find what to do. Whether they fire is what
 * promtool tries with {@code alerts.test.yaml}.
 */
class AlertRulesTest {
    private static final Path RULES = Path.of("../deploy/prometheus/alerts.yaml");
    private static final Path CASES = Path.of("../deploy/prometheus/alerts.test.yaml");
    private static final Path OF_THE_CHART = Path.of("../deploy/helm/delivery/files/alerts.yaml");

    private static final Pattern LABEL_IN_TEXT = Pattern.compile("\\$labels\\.([a-zA-Z_]+)");
    private static final Pattern LEFT_OUT = Pattern.compile("cause!~\"([^\"]+)\"");
    private static final Pattern MINUTES = Pattern.compile("\\[([0-9]+)m]");
    private static final Pattern ALERT_IN_SAMPLE = Pattern.compile("alertname=\"([A-Za-z]+)\"");

    @Test
    void every_metric_and_label_of_a_rule_exists() throws IOException {
        MetricNames names = names();

        assertThat(rules())
                .hasSizeGreaterThan(15)
                .allSatisfy(rule -> assertThat(names.problems(expr(rule))).isEmpty());
    }

    @Test
    void a_metric_and_a_label_that_do_not_exist_are_found() {
        MetricNames names = new MetricNames();

        assertThat(names.problems("rate(delivery_accepted_record_total[5m]) > 0"))
                .containsExactly("no metric is named delivery_accepted_record_total");
        assertThat(names.problems("delivery_fsync_seconds > 1 or up == 0"))
                .as("a histogram has no value of its own")
                .containsExactly("no metric is named delivery_fsync_seconds");
        assertThat(names.problems("delivery_seals_total{stream=\"a\", cause!~\"b|c\"} > 0"))
                .containsExactly("delivery_seals_total has no label cause");
        assertThat(names.problems("sum by (job, strem) (delivery_journal_bytes) > 1e3"))
                .singleElement()
                .asString()
                .endsWith("has a label strem");
        assertThat(
                        names.problems(
                                "histogram_quantile(0.5, sum by (le) (rate(delivery_fsync_seconds_bucket[1m])))"
                                        + " unless on (stream) delivery_books_balanced offset 5m"))
                .isEmpty();
    }

    @Test
    void every_alert_says_how_bad_it_is_and_what_has_happened() throws IOException {
        MetricNames names = names();
        for (Map<String, Object> alert : alerts()) {
            String name = name(alert);
            assertThat(map(alert.get("labels"))).as(name).containsOnlyKeys("severity");
            assertThat(severity(alert)).as(name).isIn("critical", "warning", "info");
            Map<String, Object> annotations = map(alert.get("annotations"));
            assertThat(annotations)
                    .as(name)
                    .containsOnlyKeys("summary", "description", "runbook")
                    .allSatisfy((key, text) -> assertThat(text.toString()).isNotBlank());
            assertThat(labelsIn(annotations)).as(name).isSubsetOf(names.labelsOf(expr(alert)));
        }
    }

    /** Two values at least are needed in a window, and one of them may be missing. */
    @Test
    void no_window_is_shorter_than_four_times_what_prometheus_must_ask_in() throws IOException {
        for (Map<String, Object> rule : rules()) {
            assertThat(found(MINUTES, expr(rule)))
                    .as(expr(rule))
                    .allSatisfy(
                            minutes ->
                                    assertThat(Integer.parseInt(minutes))
                                            .isGreaterThanOrEqualTo(4));
        }
    }

    @Test
    void every_alert_has_a_row_and_a_section_in_operations_and_the_other_way_round()
            throws IOException {
        OperationsPage page = OperationsPage.read();
        TreeMap<String, String> severities = new TreeMap<>();
        Set<String> anchors = new TreeSet<>();
        for (Map<String, Object> alert : alerts()) {
            severities.put(name(alert), severity(alert));
            anchors.add(OperationsPage.anchor(name(alert)));
            assertThat(map(alert.get("annotations")).get("runbook"))
                    .isEqualTo("docs/operations.md#" + OperationsPage.anchor(name(alert)));
        }

        assertThat(page.severities()).isEqualTo(severities);
        assertThat(page.sections())
                .containsExactlyElementsOf(alerts().stream().map(AlertRulesTest::name).toList());
        assertThat(page.linked()).isEqualTo(anchors);
        assertThat(page.anchors()).containsAll(anchors);
    }

    @Test
    void every_metric_that_operations_names_exists() throws IOException {
        MetricNames names = new MetricNames();

        assertThat(OperationsPage.read().metrics())
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        metric ->
                                assertThat(
                                                names.problems(metric).isEmpty()
                                                        || names.problems(metric + "_count")
                                                                .isEmpty())
                                        .as(metric)
                                        .isTrue());
    }

    @Test
    void every_cause_of_a_503_has_a_row_in_operations_or_no_alert() throws IOException {
        String expression =
                alerts().stream()
                        .filter(alert -> name(alert).equals("DeliveryThrottled"))
                        .map(AlertRulesTest::expr)
                        .findFirst()
                        .orElseThrow();
        Pattern leftOut = Pattern.compile(found(LEFT_OUT, expression).iterator().next());

        assertThat(OperationsPage.read().rowsOf("DeliveryThrottled"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ThrottledException.Cause.values())
                                .map(cause -> cause.name().toLowerCase(Locale.ROOT))
                                .filter(cause -> !leftOut.matcher(cause).matches())
                                .toList());
    }

    @Test
    void every_alert_has_a_case_in_which_it_fires_and_one_in_which_nothing_does()
            throws IOException {
        Set<String> fires = new TreeSet<>();
        Set<String> quietMetrics = new TreeSet<>();
        for (Map<String, Object> test : list(yaml(CASES).get("tests"))) {
            boolean quiet = true;
            for (Map<String, Object> asked :
                    list(test.getOrDefault("promql_expr_test", List.of()))) {
                for (Map<String, Object> sample : list(asked.get("exp_samples"))) {
                    fires.addAll(found(ALERT_IN_SAMPLE, sample.get("labels").toString()));
                }
                quiet &= list(asked.get("exp_samples")).isEmpty();
            }
            for (Map<String, Object> asked :
                    list(test.getOrDefault("alert_rule_test", List.of()))) {
                if (!list(asked.get("exp_alerts")).isEmpty()) {
                    fires.add(asked.get("alertname").toString());
                    quiet = false;
                }
            }
            if (quiet) {
                for (Map<String, Object> series : list(test.get("input_series"))) {
                    quietMetrics.add(series.get("series").toString().replaceFirst("\\{.*", ""));
                }
            }
        }

        assertThat(fires)
                .containsExactlyInAnyOrderElementsOf(
                        alerts().stream().map(AlertRulesTest::name).toList());
        for (Map<String, Object> rule : rules()) {
            for (PromQl.Selector selector : PromQl.of(expr(rule)).selectors()) {
                if (!selector.metric().contains(":")) {
                    assertThat(quietMetrics)
                            .as("a case in which all is well")
                            .contains(selector.metric());
                }
            }
        }
    }

    @Test
    void the_series_of_the_cases_are_those_that_the_service_has() throws IOException {
        MetricNames names = names();
        for (Map<String, Object> test : list(yaml(CASES).get("tests"))) {
            for (Map<String, Object> series : list(test.get("input_series"))) {
                assertThat(names.problems(series.get("series").toString())).isEmpty();
            }
        }
    }

    @Test
    void the_chart_has_the_same_rules() {
        assertThat(OF_THE_CHART)
                .as("deploy/helm/check --write copies them")
                .hasSameTextualContentAs(RULES);
    }

    // --- the files ---

    private static MetricNames names() throws IOException {
        MetricNames names = new MetricNames();
        for (Map<String, Object> rule : rules()) {
            if (rule.containsKey("record")) {
                names.recorded(rule.get("record").toString(), PromQl.of(expr(rule)).grouped());
            }
        }
        return names;
    }

    private static List<Map<String, Object>> rules() throws IOException {
        List<Map<String, Object>> rules = new ArrayList<>();
        list(yaml(RULES).get("groups")).forEach(group -> rules.addAll(list(group.get("rules"))));
        return rules;
    }

    private static List<Map<String, Object>> alerts() throws IOException {
        return rules().stream().filter(rule -> rule.containsKey("alert")).toList();
    }

    private static String name(Map<String, Object> alert) {
        return alert.get("alert").toString();
    }

    private static String expr(Map<String, Object> rule) {
        return rule.get("expr").toString();
    }

    private static String severity(Map<String, Object> alert) {
        return map(alert.get("labels")).get("severity").toString();
    }

    private static Set<String> labelsIn(Map<String, Object> annotations) {
        return found(LABEL_IN_TEXT, annotations.values().toString());
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        pattern.matcher(text).results().forEach(match -> found.add(match.group(1)));
        return found;
    }

    private static Map<String, Object> yaml(Path file) throws IOException {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
        return map(new Load(settings).loadFromString(Files.readString(file)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object yaml) {
        return (Map<String, Object>) yaml;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Object yaml) {
        return (List<Map<String, Object>>) yaml;
    }
}
