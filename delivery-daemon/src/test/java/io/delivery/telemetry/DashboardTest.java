package io.delivery.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the dashboard for Grafana asks for is there. */
class DashboardTest {
    private static final Path DASHBOARD = Path.of("../deploy/grafana/dashboard.json");
    private static final Path OF_THE_CHART =
            Path.of("../deploy/helm/delivery/files/dashboard.json");
    private static final int COLUMNS = 24; // of Grafana's grid

    private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{ *([a-z_]+) *}}");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-zA-Z_]+)");
    private static final Pattern ANCHOR = Pattern.compile("docs/operations\\.md#([a-z-]+)");

    /** Those of Grafana itself. */
    private static final Set<String> GIVEN = Set.of("__rate_interval", "__range", "__all");

    private final JsonNode dashboard;

    DashboardTest() throws IOException {
        dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
    }

    @Test
    void every_metric_and_label_of_a_query_exists() {
        MetricNames names = new MetricNames();

        assertThat(targets())
                .hasSizeGreaterThan(50)
                .allSatisfy(target -> assertThat(names.problems(text(target, "expr"))).isEmpty());
    }

    @Test
    void every_label_of_a_legend_is_one_that_the_result_has() {
        for (JsonNode target : targets()) {
            Set<String> grouped = PromQl.of(text(target, "expr")).grouped();
            for (MatchResult label :
                    LEGEND_LABEL.matcher(text(target, "legendFormat")).results().toList()) {
                assertThat(grouped).as(target.toString()).contains(label.group(1));
            }
        }
    }

    @Test
    void every_variable_is_defined_and_asks_for_a_metric_that_exists() {
        MetricNames names = new MetricNames();
        Set<String> defined = new TreeSet<>(GIVEN);
        for (JsonNode variable : dashboard.at("/templating/list")) {
            defined.add(text(variable, "name"));
            if (text(variable, "type").equals("query")) {
                String query = variable.at("/query/query").asText();
                String selector = query.replaceFirst("^label_values\\((.*), ([a-z]+)\\)$", "$1");
                String label = query.replaceFirst("^label_values\\((.*), ([a-z]+)\\)$", "$2");
                assertThat(names.problems(selector)).isEmpty();
                assertThat(names.labelsOf(selector)).contains(label);
            }
        }

        assertThat(defined).contains("datasource", "namespace", "instance", "stream");
        assertThat(VARIABLE.matcher(dashboard.toString()).results().map(found -> found.group(1)))
                .isSubsetOf(defined);
    }

    @Test
    void every_panel_has_a_place_of_its_own_and_says_what_it_shows() {
        Set<Integer> ids = new HashSet<>();
        Set<List<Integer>> cells = new HashSet<>();
        for (JsonNode panel : panels()) {
            String title = text(panel, "title");
            assertThat(title).isNotBlank();
            assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
            JsonNode at = panel.path("gridPos");
            assertThat(at.path("x").asInt() + at.path("w").asInt()).as(title).isBetween(1, COLUMNS);
            for (int x = at.path("x").asInt();
                    x < at.path("x").asInt() + at.path("w").asInt();
                    x++) {
                for (int y = at.path("y").asInt();
                        y < at.path("y").asInt() + at.path("h").asInt();
                        y++) {
                    assertThat(cells.add(List.of(x, y))).as(title).isTrue();
                }
            }
            if (!text(panel, "type").equals("row")) {
                assertThat(text(panel, "description")).as(title).isNotBlank();
                assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
                assertThat(panel.path("targets")).as(title).isNotEmpty();
            }
        }
    }

    @Test
    void whatever_it_says_of_operations_is_there() throws IOException {
        assertThat(ANCHOR.matcher(dashboard.toString()).results().map(found -> found.group(1)))
                .isNotEmpty()
                .isSubsetOf(OperationsPage.read().anchors());
    }

    @Test
    void the_chart_has_the_same_dashboard() {
        assertThat(OF_THE_CHART)
                .as("deploy/helm/check --write copies it")
                .hasSameTextualContentAs(DASHBOARD);
    }

    private List<JsonNode> panels() {
        List<JsonNode> panels = new ArrayList<>();
        dashboard.path("panels").forEach(panels::add);
        return panels;
    }

    private List<JsonNode> targets() {
        List<JsonNode> targets = new ArrayList<>();
        panels().forEach(panel -> panel.path("targets").forEach(targets::add));
        return targets;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText();
    }
}
