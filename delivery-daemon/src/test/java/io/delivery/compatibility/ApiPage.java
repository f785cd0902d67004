package io.delivery.compatibility;

import io.delivery.compatibility.ApiModel.Member;
import io.delivery.compatibility.ApiModel.Side;
import io.delivery.compatibility.MemberTable.Kind;
import io.delivery.compatibility.MemberTable.Row;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes {@code docs/reference/api.md}, and the table of operations of the compatibility page. */
final class ApiPage {
    private static final String BEGIN = "<!-- generated: operations -->\n";
    private static final String END = "<!-- end -->\n";

    private final ApiModel model;
    private final MemberTable table;
    private final CapturedTexts captured;

    ApiPage(ApiModel model, MemberTable table, CapturedTexts captured) {
        this.model = model;
        this.table = table;
        this.captured = captured;
    }

    String markdown() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # The API, member by member

                Generated from `members.yaml` and `captured.yaml` in the tests of `io.delivery.compatibility`, and from the model of the
                service; a test fails when this page differs, when a member of the model is not in it, and when a row names a member that
                the model does not have. `./mvnw -pl delivery-daemon -am test -Dupdate.docs=true` writes it anew.

                [compatibility.md](../compatibility.md) says what holds for all operations: protocol, signatures, formats, functions.

                | word | what it says | how it is known |
                |---|---|---|
                | supported | the engine does what Firehose does | the test that is named; of members of a destination also that they change what the engine runs, and that Describe shows them as they were given |
                | kept and echoed | stored, shown by Describe as it was given, and otherwise of no effect | a server is asked, and what the engine runs does not change |
                | refused | `InvalidArgumentException` with this message. What the member holds is checked against the model first | a server is asked |
                | differs | taken, or answered, in another way than Firehose does | the test that is named |

                Members that hold others are not listed; what is listed are the members in them. `[]` stands for each element of a list.
                """);
        for (String operation : model.operations()) {
            page.append("\n## ").append(operation).append('\n');
            side(page, "In a request", model.members(operation, Side.INPUT, table::isEnd));
            side(page, "In an answer", model.members(operation, Side.OUTPUT, table::isEnd));
        }
        page.append(captured.markdown());
        return page.toString();
    }

    private void side(StringBuilder page, String title, List<Member> members) {
        if (members.isEmpty()) {
            page.append("\n").append(title).append(": no members.\n");
            return;
        }
        page.append("\n| ").append(title).append(" | | |\n|---|---|---|\n");
        for (Member member : members) {
            Row row = table.of(member).orElseThrow();
            line(page, member.path(), row);
            for (String word : model.words(member.shape())) {
                table.of(member, word).ifPresent(of -> line(page, member.path() + ": " + word, of));
            }
        }
    }

    private static void line(StringBuilder page, String path, Row row) {
        page.append("| `%s` | %s | %s |%n".formatted(path, row.kind().words(), told(row)));
    }

    private static String told(Row row) {
        String text =
                switch (row.kind()) {
                    case REFUSED -> "`" + row.text() + "`";
                    case ABSENT -> "never there: " + row.text();
                    case SUPPORTED, KEPT, DIFFERS -> row.text();
                };
        String test = row.test().map(name -> "`" + name + "`").orElse("");
        return text.isEmpty() || test.isEmpty() ? text + test : text + " (" + test + ")";
    }

    /** The compatibility page with its table of operations as it is now. */
    String overviewIn(String page) {
        int from = page.indexOf(BEGIN);
        int to = page.indexOf(END, from);
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException("docs/compatibility.md has no place for operations");
        }
        return page.substring(0, from + BEGIN.length()) + overview() + page.substring(to);
    }

    private String overview() {
        StringBuilder text = new StringBuilder();
        text.append(
                """

                | operation | members in requests: supported | kept and echoed | differ | refused as a whole |
                |---|---|---|---|---|
                """);
        for (String operation : model.operations()) {
            Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
            List<String> refused = new ArrayList<>();
            for (Member member : model.members(operation, Side.INPUT, table::isEnd)) {
                Row row = table.of(member).orElseThrow();
                counts.merge(row.kind(), 1, Integer::sum);
                if (row.kind() == Kind.REFUSED) {
                    refused.add("`" + member.path() + "`");
                }
            }
            text.append(
                    "| [%s](reference/api.md#%s) | %d | %d | %d | %s |%n"
                            .formatted(
                                    operation,
                                    operation.toLowerCase(Locale.ROOT),
                                    counts.getOrDefault(Kind.SUPPORTED, 0),
                                    counts.getOrDefault(Kind.KEPT, 0),
                                    counts.getOrDefault(Kind.DIFFERS, 0),
                                    String.join(", ", refused)));
        }
        return text.append('\n').toString();
    }
}
