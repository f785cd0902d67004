package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.JqTable.Row;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.expression.Kinds;
import io.delivery.jq.grammar.JqParser;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.JqText;
import io.delivery.jq.value.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Our jq against the answers of C jq 1.6; that these are C jq's is looked at by {@code JqTableIT}.
 */
class JqTableTest {
    @Test
    void the_table_is_long_enough_to_say_something() {
        assertThat(JqTable.rows()).hasSizeGreaterThan(1_400);
    }

    @Test
    void our_jq_prints_what_jq_prints_or_what_the_table_gives_a_reason_for() {
        List<String> differences = new ArrayList<>();

        for (Row row : JqTable.rows()) {
            List<String> ours = run(row.program(), row.bytes());
            if (!ours.equals(row.expectedOfOurs())) {
                differences.add(row.described("jq", row.output(), "ours", ours));
            }
        }

        assertThat(differences).isEmpty();
    }

    @Test
    void what_is_marked_as_different_is_different() {
        assertThat(JqTable.rows())
                .filteredOn(row -> row.difference().isPresent())
                .isNotEmpty()
                .allSatisfy(
                        row -> {
                            assertThat(row.expectedOfOurs()).isNotEqualTo(row.output());
                            assertThat(row.difference().get().reason()).isNotBlank();
                        });
    }

    @Test
    void nothing_is_yielded_of_a_kind_that_the_text_of_the_program_excludes() {
        List<String> wrong = new ArrayList<>();

        for (Row row : JqTable.rows()) {
            Kinds told = kinds(row.program());
            run(
                    row.program(),
                    row.bytes(),
                    (value, budget) -> {
                        if (!told.has(Kinds.of(value))) {
                            wrong.add("%s yields %s, told was %s".formatted(row, value, told));
                        }
                    });
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void one_value_alone_is_yielded_by_no_program_that_is_told_to_yield_several() throws Exception {
        List<String> wrong = new ArrayList<>();

        for (Row row : JqTable.rows()) {
            List<String> output = run(row.program(), row.bytes());
            boolean several =
                    !output.contains(JqTable.REFUSED)
                            && JqParser.parse(row.program(), new Budget()).yieldsSeveral();
            if (several && output.size() == 1 && !output.contains(JqTable.ERROR)) {
                wrong.add(row.toString());
            }
        }

        assertThat(wrong).isEmpty();
    }

    private static Kinds kinds(String program) {
        try {
            return JqProgram.compile(program).kinds();
        } catch (JqSyntaxException refused) {
            return Kinds.NONE;
        }
    }

    private static List<String> run(String program, byte[] input) {
        List<String> output = new ArrayList<>();
        run(program, input, (value, budget) -> output.add(JqText.json(value, budget)))
                .ifPresent(output::add);
        return output;
    }

    private interface Taker {
        void take(JsonNode value, Budget budget) throws JqError;
    }

    /** The word of the table for how it ended, unless it ended well. */
    private static Optional<String> run(String program, byte[] input, Taker taker) {
        Budget budget = new Budget();
        try {
            Expression expression = JqParser.parse(program, budget);
            JsonReader reader = new JsonReader(input, 0, input.length);
            for (JsonNode value = reader.next(); value != null; value = reader.next()) {
                budget.begin(JqKeyExtractor.DEFAULT_STEPS);
                expression.run(null, value, null, (yielded, path) -> taker.take(yielded, budget));
            }
            return Optional.empty();
        } catch (JqSyntaxException refused) {
            return Optional.of(JqTable.REFUSED);
        } catch (JqError | Budget.LimitExceededException | JsonReader.NotJsonException error) {
            return Optional.of(JqTable.ERROR);
        }
    }
}
