package io.delivery.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.metrics.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class MetricsReferenceTest {
    private static final Path PAGE = Path.of("../docs/reference/metrics.md");

    @Test
    void the_page_in_docs_is_what_the_enum_says() throws Exception {
        String generated = markdown();

        if (Boolean.getBoolean("update.docs")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, generated);
        }

        assertThat(PAGE).as("run with -Dupdate.docs=true to write it anew").hasContent(generated);
    }

    @Test
    void names_tell_their_unit_and_counters_end_in_total() {
        for (Metric metric : Metric.values()) {
            assertThat(metric.metricName()).matches("delivery_[a-z_]+[a-z]");
            assertThat(metric.metricName().endsWith("_total"))
                    .as(metric.metricName())
                    .isEqualTo(metric.kind() == Metric.Kind.COUNTER);
            assertThat(metric.description()).as(metric.metricName()).endsWith(".");
        }
    }

    private static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Metrics

                Generated from `io.delivery.metrics.Metric`; a test fails when this page differs.
                `./mvnw -pl delivery-daemon -am test -Dupdate.docs=true` writes it anew.

                Served on the admin port at `/metrics`, in the text format of Prometheus. Every metric has the label
                `stream`; no label ever holds a key, a partition value or a record id. Sizes are bytes, times are
                seconds. A histogram has the usual `_bucket`, `_sum` and `_count`.

                | name | kind | further label | what it says |
                |---|---|---|---|
                """);
        for (Metric metric : Metric.values()) {
            page.append("| `")
                    .append(metric.metricName())
                    .append("` | ")
                    .append(metric.kind().name().toLowerCase(Locale.ROOT))
                    .append(" | ")
                    .append(metric.label().isEmpty() ? "" : "`" + metric.label() + "`")
                    .append(" | ")
                    .append(metric.description().replace("|", "\\|"))
                    .append(" |\n");
        }
        return page.toString();
    }
}
