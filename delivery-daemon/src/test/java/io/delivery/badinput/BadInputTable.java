package io.delivery.badinput;

import java.util.List;

/** All bad input that is documented and executed, and the page that is made of it. */
final class BadInputTable {
    private static final String HEAD =
            """
            # Bad input

            What becomes of input that is wrong, or looks as if it were. This page is made of the table that the tests execute, each row against the
            running service (`make docs` writes it anew); a row that no longer holds fails the build.

            - The records of one call are accepted or refused together.
            - After acceptance a bad record never affects another one. It is settled in the error output, with its bytes unchanged (base64 in `rawData`).
            - A message tells what is wrong and nothing of the record's contents.
            """;

    private static final List<Section> SECTIONS =
            List.of(
                    new Section(
                            "Calls",
                            "A server with credentials, and a stream `clicks`. The code is the"
                                    + " error's name (`__type`).",
                            BadRequestTable.ROWS),
                    new Section(
                            "Records of a stream with partitioning",
                            "The query is `{k: .k}`, the prefix"
                                    + " `!{partitionKeyFromQuery:k}/`, the format `raw`. Failures"
                                    + " are in the error output's `processing-failed`, which names"
                                    + " code and message `errorCode` and `errorMessage`.",
                            BadRecordTable.PARTITIONED),
                    new Section(
                            "Queries of a stream with partitioning",
                            "As above, with another query.",
                            BadRecordTable.QUERIES),
                    new Section(
                            "Records of a stream that converts to Parquet",
                            "The table has the columns `id string, n bigint, d double, s string,"
                                    + " l array<string>`. Failures are in the error output's"
                                    + " `format-conversion-failed`, which names code and message"
                                    + " `lastErrorCode` and `lastErrorMessage`.",
                            BadRecordTable.PARQUET),
                    new Section(
                            "Records of a stream with `split: json`",
                            "With the partitioning above. Each part is settled on its own; a"
                                    + " failed part's `rawData` is that part.",
                            BadRecordTable.SPLIT),
                    new Section(
                            "Records of a raw stream",
                            "Without partitioning the bytes are not looked at.",
                            BadRecordTable.RAW),
                    new Section(
                            "Configuration and start",
                            "`delivery run /srv/delivery.yaml`. The code is the program's exit"
                                    + " code. All problems of a file are told at once.",
                            BadConfigurationTable.ROWS));

    private BadInputTable() {}

    /**
     * @param title of the chapter
     * @param setting what the rows have in common
     */
    record Section(String title, String setting, List<? extends BadInput> rows) {}

    static List<Section> sections() {
        return SECTIONS;
    }

    static String markdown() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Section section : SECTIONS) {
            page.append("\n## ").append(section.title()).append("\n\n");
            page.append(section.setting()).append("\n\n");
            page.append("| input | where it is noticed | code | message |\n|---|---|---|---|\n");
            for (BadInput row : section.rows()) {
                page.append("| ").append(cell(row.input()));
                page.append(" | ").append(row.noticed());
                page.append(" | ").append(row.code().isEmpty() ? "" : code(row.code()));
                page.append(" | ").append(cell(row.message())).append(" |\n");
            }
        }
        return page.toString();
    }

    private static String code(String text) {
        return text.startsWith("exit ") ? text : "`" + text + "`";
    }

    private static String cell(String text) {
        return text.replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("<", "&lt;")
                .replace("*", "\\*")
                .replace("\n", "<br>");
    }
}
