package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.delivery.jq.JqTable.Row;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.grammar.JqParser;
import io.delivery.jq.selection.SelectedRecord;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.JqText;
import io.delivery.record.DeliveryRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The table of C jq's answers, where the input is a place of a record of which no more is read. */
class SelectiveTableTest {
    private int read;

    @Test
    void a_program_behind_a_place_of_the_record_answers_as_c_jq_does() {
        List<String> differences = new ArrayList<>();

        for (Row row : JqTable.rows()) {
            Optional<List<String>> output = output(row);
            if (output.isPresent() && !output.get().equals(row.expectedOfOurs())) {
                differences.add(
                        row.described("expected", row.expectedOfOurs(), "here", output.get()));
            }
        }

        assertThat(differences).isEmpty();
        assertThat(read).isGreaterThan(1_000);
    }

    /** Empty when the input is not one value that is read by its place. */
    private Optional<List<String>> output(Row row) {
        DeliveryRecord record = record(row.bytes());
        List<String> output = new ArrayList<>();
        try {
            Budget budget = new Budget();
            Expression program = JqParser.parse(".v|" + row.program(), budget);
            SelectedRecord selected = new SelectedRecord();
            Optional<? extends Expression> selective = program.selective(selected);
            if (selective.isEmpty() || !selected.read(record)) {
                return Optional.empty();
            }
            read++;
            budget.begin(JqKeyExtractor.DEFAULT_STEPS);
            selective
                    .get()
                    .run(
                            null,
                            MissingNode.getInstance(),
                            null,
                            (value, path) -> output.add(JqText.json(value, budget)));
        } catch (JqSyntaxException refused) {
            output.add(JqTable.REFUSED);
        } catch (JqError | Budget.LimitExceededException error) {
            output.add(JqTable.ERROR);
        }
        return Optional.of(output);
    }

    private static DeliveryRecord record(byte[] input) {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes("{\"u\":[1],\"v\":".getBytes(StandardCharsets.UTF_8));
        record.writeBytes(input);
        record.writeBytes(",\"w\":{}}".getBytes(StandardCharsets.UTF_8));
        return new DeliveryRecord().at(record.toByteArray(), 0, record.size(), 0);
    }
}
