package io.delivery.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Texts captured from Firehose: {@code captured.yaml}, whose head says how it is read. */
final class CapturedTexts {
    private static final String FILE = "captured.yaml";

    private final List<Row> rows;

    private CapturedTexts(List<Row> rows) {
        this.rows = rows;
    }

    /** A row of the file. */
    record Row(JsonNode node) {
        String situation() {
            return node.path("of").asText();
        }

        boolean has(String member) {
            return node.has(member);
        }

        JsonNode get(String member) {
            return node.path(member);
        }

        Optional<String> text(String member) {
            return Optional.ofNullable(node.get(member)).map(JsonNode::asText);
        }

        /** Whether a call is made for it; a difference may be one that no call shows. */
        boolean isAsked() {
            return List.of("given", "create", "call", "records", "record").stream()
                    .anyMatch(node::has);
        }

        /** The same of a stream with another name. */
        Row ofStream(String before, String after) throws IOException {
            String text = node.toString().replaceAll("\\b" + before + "\\b", after);
            return new Row(new ObjectMapper().readTree(text));
        }

        @Override
        public String toString() {
            return situation();
        }
    }

    static CapturedTexts read() {
        List<Row> rows = new ArrayList<>();
        MemberTable.yaml(FILE).forEach(row -> rows.add(new Row(row)));
        return new CapturedTexts(rows);
    }

    List<Row> rows() {
        return rows;
    }

    /** A section of the page. */
    String markdown() {
        StringBuilder page = new StringBuilder();
        page.append(
                """

                ## Captured texts

                What people captured from Firehose, call by call, and what this server answers to the same call.

                | situation | error | message | here |
                |---|---|---|---|
                """);
        for (Row row : rows) {
            page.append(
                    "| %s | %s | %s | %s |%n"
                            .formatted(
                                    row.situation().replaceFirst("^\\S+ ", ""),
                                    row.text("type").orElse(""),
                                    quoted(row.text("captured").or(() -> row.text("message"))),
                                    here(row)));
        }
        return page.toString();
    }

    private static String quoted(Optional<String> text) {
        return text.map(message -> "`" + message.replace("|", "\\|") + "`").orElse("");
    }

    private static String here(Row row) {
        if (row.has("differs")) {
            String ours = row.has("message") ? ": " + quoted(row.text("message")) : "";
            String proof = row.text("proved").map(test -> " (`" + test + "`)").orElse("");
            return "differs: " + row.get("differs").asText() + ours + proof;
        }
        return row.text("proved")
                .map(test -> "same (`" + test + "`)")
                .or(() -> row.text("ours").map(part -> "same error; ours is " + part))
                .orElse("same");
    }
}
