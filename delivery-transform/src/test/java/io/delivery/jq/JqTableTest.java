package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.junit.jupiter.api.Test;

/**
 * A table of programs, inputs and what C jq 1.6 (Debian's package) prints for them: compact output,
 * then {@code error} when it fails at run time or {@code refused} when it does not compile.
 */
class JqTableTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Row(String program, String input, List<String> output) {}

    @Test
    void our_jq_prints_what_the_table_says() throws IOException {
        List<String> differences = new ArrayList<>();

        for (Row row : table()) {
            List<String> ours = run(row.program(), row.input());
            if (!ours.equals(row.output())) {
                differences.add(row.program() + "\n  jq:   " + row.output() + "\n  ours: " + ours);
            }
        }

        assertThat(differences).isEmpty();
    }

    @Test
    void the_jq_of_this_machine_prints_what_the_table_says() throws Exception {
        assumeTrue(isJq16Here(), "there is no jq 1.6 on this machine (Debian package jq)");
        List<String> differences = new ArrayList<>();

        for (Row row : table()) {
            List<String> theirs = runJqOfThisMachine(row.program(), row.input());
            if (!theirs.equals(row.output())) {
                differences.add(row.program() + "\n  table: " + row.output() + "\n  jq: " + theirs);
            }
        }

        assertThat(differences).isEmpty();
    }

    static List<String> run(String program, String input) throws IOException {
        Budget budget = new Budget(1_000_000);
        List<String> output = new ArrayList<>();
        JqParser.Parsed parsed;
        try {
            parsed = JqParser.parse(program, new JqFunctions(budget), budget);
        } catch (JqSyntaxException refused) {
            return List.of("refused");
        }
        try {
            parsed.expression()
                    .apply(
                            Scope.newEmptyScope(),
                            JSON.readTree(input),
                            null,
                            (value, path) -> output.add(JqText.json(value)),
                            false);
        } catch (JsonQueryException error) {
            output.add("error");
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

    private static List<String> runJqOfThisMachine(String program, String input)
            throws IOException, InterruptedException {
        Process jq =
                new ProcessBuilder("jq", "-c", program)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (OutputStream in = jq.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException refusedBeforeItRead) {
            // Its exit code says so.
        }
        List<String> output =
                new ArrayList<>(
                        new String(jq.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                                .lines()
                                .toList());
        int code = jq.waitFor();
        if (code == 3) {
            output.add("refused");
        } else if (code != 0) {
            output.add("error");
        }
        return output;
    }

    private static List<Row> table() throws IOException {
        try (InputStream table = JqTableTest.class.getResourceAsStream("jq-1.6-table.txt")) {
            String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
            List<Row> rows = new ArrayList<>();
            for (String block : text.strip().split("\n\n")) {
                List<String> lines = Arrays.asList(block.split("\n"));
                rows.add(new Row(lines.get(0), lines.get(1), lines.subList(2, lines.size())));
            }
            return rows;
        }
    }
}
