package io.delivery.jq;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A table of programs, inputs and what C jq 1.6 prints for them. How it is written, and by what, is
 * told in {@code src/test/jq/record}.
 */
final class JqTable {
    static final String ERROR = "error";
    static final String REFUSED = "refused";
    static final String HANGS = "hangs";
    static final String CRASH = "crash";

    private static final String GZIP = "gz:";

    private JqTable() {}

    /**
     * @param output each value as compact JSON, then one of the words above if it ends not well
     * @param difference of ours, when there is a deliberate one
     */
    record Row(String program, String input, List<String> output, Optional<Difference> difference) {
        byte[] bytes() {
            if (!input.startsWith(GZIP)) {
                return input.getBytes(StandardCharsets.UTF_8);
            }
            byte[] zipped = Base64.getDecoder().decode(input.substring(GZIP.length()));
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
                return in.readAllBytes();
            } catch (IOException notZipped) {
                throw new UncheckedIOException(notZipped);
            }
        }

        boolean isReadable() {
            return !input.startsWith(GZIP);
        }

        /** With two answers that should be the same. */
        String described(
                String one, List<String> oneOutput, String other, List<String> otherOutput) {
            return String.join(
                    "\n  ",
                    program,
                    "input: " + input,
                    one + ": " + oneOutput,
                    other + ": " + otherOutput);
        }

        List<String> expectedOfOurs() {
            return difference.map(Difference::output).orElse(output);
        }
    }

    record Difference(String reason, List<String> output) {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String line : text().split("\n")) {
            List<String> cells = Arrays.asList(line.split("\t", -1));
            if (line.startsWith("\t")) {
                Row row = rows.remove(rows.size() - 1);
                Difference difference =
                        new Difference(cells.get(1), cells.subList(2, cells.size()));
                rows.add(
                        new Row(row.program(), row.input(), row.output(), Optional.of(difference)));
            } else if (!line.isEmpty() && !line.startsWith("## ")) {
                rows.add(
                        new Row(
                                cells.get(0),
                                cells.get(1),
                                cells.subList(2, cells.size()),
                                Optional.empty()));
            }
        }
        return rows;
    }

    private static String text() {
        try (InputStream table = JqTable.class.getResourceAsStream("jq-1.6.tsv")) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException notThere) {
            throw new UncheckedIOException(notThere);
        }
    }
}
