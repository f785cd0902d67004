package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.JqTable.Row;
import io.delivery.jq.expression.Expression;
import io.delivery.jq.grammar.JqParser;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import io.delivery.jq.value.JqText;
import io.delivery.jq.value.JsonReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our jq against C jq 1.6, program by program. */
class JqTableTest {
    @TempDir private Path directory;

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
                differences.add(described(row, "jq", row.output(), "ours", ours));
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
    void the_jq_of_this_machine_prints_what_the_table_says() throws Exception {
        assumeTrue(isJq16Here(), "there is no jq 1.6 on the PATH (.ci/tools jq installs it)");

        List<String> differences =
                JqTable.rows().parallelStream()
                        .filter(row -> !theirs(row).equals(row.output()))
                        .map(row -> described(row, "table", row.output(), "jq", theirs(row)))
                        .toList();

        assertThat(differences)
                .as("delivery-transform/src/test/jq/record writes the table anew")
                .isEmpty();
    }

    private static String described(
            Row row, String one, List<String> oneOutput, String other, List<String> otherOutput) {
        return String.join(
                "\n  ",
                row.program(),
                "input: " + row.input(),
                one + ": " + oneOutput,
                other + ": " + otherOutput);
    }

    private static List<String> run(String program, byte[] input) {
        Budget budget = new Budget();
        List<String> output = new ArrayList<>();
        try {
            Expression expression = JqParser.parse(program, budget);
            JsonReader reader = new JsonReader(input, 0, input.length);
            for (JsonNode value = reader.next(); value != null; value = reader.next()) {
                budget.begin(JqKeyExtractor.DEFAULT_STEPS);
                expression.run(
                        null,
                        value,
                        null,
                        (yielded, path) -> output.add(JqText.json(yielded, budget)));
            }
        } catch (JqSyntaxException refused) {
            return List.of(JqTable.REFUSED);
        } catch (JqError | Budget.LimitExceededException | JsonReader.NotJsonException error) {
            output.add(JqTable.ERROR);
        }
        return output;
    }

    private static boolean isJq16Here() throws InterruptedException {
        try {
            Process jq = new ProcessBuilder("jq", "--version").start();
            String version = new String(jq.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return jq.waitFor() == 0 && version.startsWith("jq-1.6");
        } catch (IOException notHere) {
            return false;
        }
    }

    /** The same as in {@code src/test/jq/record}. */
    private List<String> theirs(Row row) {
        // With a minus in front it would be an option.
        String program = row.program().startsWith("-") ? " " + row.program() : row.program();
        try {
            Path out = Files.createTempFile(directory, "jq", ".out");
            Process jq =
                    new ProcessBuilder("jq", "-c", program)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .redirectOutput(out.toFile())
                            .start();
            try (OutputStream in = jq.getOutputStream()) {
                in.write(row.bytes());
            } catch (IOException refusedBeforeItRead) {
                // Its exit code says so.
            }
            boolean hangs = row.output().equals(List.of(JqTable.HANGS));
            if (!jq.waitFor(hangs ? 1 : 60, TimeUnit.SECONDS)) {
                jq.destroyForcibly();
                return List.of(JqTable.HANGS);
            }
            return ended(jq.exitValue(), Files.readString(out));
        } catch (IOException notRun) {
            throw new UncheckedIOException(notRun);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private static List<String> ended(int code, String printed) {
        List<String> output =
                new ArrayList<>(printed.isEmpty() ? List.of() : List.of(printed.split("\n")));
        if (code == 3) {
            return List.of(JqTable.REFUSED);
        }
        if (code > 128) {
            output.add(JqTable.CRASH);
        } else if (code != 0) {
            output.add(JqTable.ERROR);
        }
        return output;
    }
}
