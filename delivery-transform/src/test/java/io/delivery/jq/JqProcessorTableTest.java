package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.jq.JqTable.Row;
import io.delivery.testkit.Outcomes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The processor gives what C jq 1.6 prints: for every program of the table of answers that yields
 * one value, or none. {@link JqTableIT} holds the table against the jq of the machine.
 */
class JqProcessorTableTest {
    @Test
    void a_record_becomes_what_jq_prints_or_is_dropped_or_fails() {
        int compared = 0;
        List<String> differences = new ArrayList<>();
        for (Row row : JqTable.rows()) {
            List<String> expected = row.expectedOfOurs();
            if (expected.contains(JqTable.REFUSED)) {
                continue; // never starts
            }
            JqProcessor processor;
            try {
                processor =
                        new JqProcessor(
                                JqProgram.compile(row.program()),
                                JqKeyExtractor.DEFAULT_STEPS,
                                limit -> {});
            } catch (JqSyntaxException refused) {
                differences.add(row.described("table", expected, "ours", List.of("refused")));
                continue;
            }
            String ours = Outcomes.of(processor, row.bytes());
            compared++;
            if (!isAsPrinted(ours, expected)) {
                differences.add(row.described("table", expected, "ours", List.of(ours)));
            }
        }

        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(500);
    }

    private static boolean isAsPrinted(String ours, List<String> expected) {
        boolean endsWell =
                expected.stream()
                        .noneMatch(
                                line ->
                                        List.of(JqTable.ERROR, JqTable.HANGS, JqTable.CRASH)
                                                .contains(line));
        if (!endsWell || expected.size() > 1) {
            return ours.startsWith("Processing.JqFailed: ");
        }
        return ours.equals(expected.isEmpty() ? "dropped" : expected.get(0));
    }
}
