package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.jq.JqTable.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page that tells what is different from C jq 1.6: what the table of answers marks so. */
class JqReferenceTest {
    private static final Path PAGE = Path.of("../docs/reference/jq.md");
    private static final int MOST_EXAMPLES = 4;

    @Test
    void the_page_in_docs_is_what_the_table_says() throws Exception {
        String generated = markdown(JqTable.rows());

        if (Boolean.getBoolean("update.docs")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, generated);
        }

        assertThat(PAGE).as("run with -Dupdate.docs=true to write it anew").hasContent(generated);
    }

    private static String markdown(List<Row> rows) {
        Map<String, List<Row>> differences = new LinkedHashMap<>();
        for (Row row : rows) {
            row.difference()
                    .ifPresent(
                            difference ->
                                    differences
                                            .computeIfAbsent(
                                                    difference.reason(), r -> new ArrayList<>())
                                            .add(row));
        }
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # jq

                Generated from a table of programs, inputs and the answers of C jq 1.6 (Debian's package, with
                Oniguruma 6.9); a test fails when this page differs. `make docs` writes it anew.

                `partitioning.query` and the processor `jq` are programs in jq 1.6. Ours answers as C jq 1.6 does to all %,d programs of the
                table (`delivery-transform/src/test/resources/io/delivery/jq/jq-1.6.tsv`) but the %d below, which differ
                on purpose. What the table does not ask is not known to be alike.

                A record may hold several JSON values, with white space or U+001E between them. A value that U+001E
                cuts short is an error here; C jq passes over what came of it.

                What a query may cost is limited, per record and per stream: see the limits in
                [compatibility.md](../compatibility.md).

                ## What is different

                "refused" means that `check` refuses the query, "error" that the record goes to the error output, "hangs"
                that jq does not end.

                """
                        .formatted(
                                rows.size(),
                                differences.values().stream().mapToInt(List::size).sum()));
        differences.forEach((reason, examples) -> append(reason, examples, page));
        return page.toString();
    }

    private static void append(String reason, List<Row> examples, StringBuilder page) {
        page.append("### ").append(reason).append("\n\n");
        page.append("| program | input | C jq 1.6 | here |\n|---|---|---|---|\n");
        examples.stream()
                .limit(MOST_EXAMPLES)
                .forEach(
                        row -> {
                            List<String> cells =
                                    List.of(
                                            row.program(),
                                            row.isReadable()
                                                    ? row.input()
                                                    : row.bytes().length + " bytes",
                                            String.join(" ", row.output()),
                                            String.join(" ", row.expectedOfOurs()));
                            cells.forEach(cell -> page.append("| ").append(code(cell)).append(' '));
                            page.append("|\n");
                        });
        if (examples.size() > MOST_EXAMPLES) {
            page.append("\nAnd ")
                    .append(examples.size() - MOST_EXAMPLES)
                    .append(" more of this kind in the table.\n");
        }
        page.append('\n');
    }

    private static String code(String text) {
        return "`` " + text.replace("|", "\\|") + " ``";
    }
}
