package io.delivery.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of S3 servers in docs/compatibility.md, from what the contract suite has left of each
 * server that was run (ServerReport of delivery-sinks). A server that was not run keeps its row.
 */
final class S3ServersTable {
    private static final String BEGIN = "<!-- generated: s3-servers -->\n";
    private static final String END = "<!-- end -->";
    private static final String HEAD =
            """
            | server | version | settings that it needs | differs | example |
            |---|---|---|---|---|
            """;

    /** What is run by whoever names its address; everybody has another one. */
    private static final String GIVEN = "given server";

    private static final Pattern RUN =
            Pattern.compile("[1-9][0-9]* tests run, (?<failed>[0-9]+) failed, [0-9]+ skipped");

    private S3ServersTable() {}

    /** One server that has passed the suite. */
    record Result(
            String server, String version, String settings, String deviations, String example) {
        private String row() {
            return "| %s | %s | %s | %s | %s |"
                    .formatted(
                            server,
                            version,
                            settings.isEmpty()
                                    ? "nothing"
                                    : Arrays.stream(settings.split(", "))
                                            .map(setting -> "`" + setting + "`")
                                            .collect(Collectors.joining(", ")),
                            deviations.isEmpty() ? "nothing" : deviations,
                            example.isEmpty()
                                    ? "–"
                                    : "[%1$s.yaml](../config-examples/%1$s.yaml)"
                                            .formatted(example));
        }
    }

    /** Of the servers that were run without a failure; none when there is no such folder. */
    static List<Result> results(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Result> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".tsv")).sorted().toList()) {
                String[] column = Files.readString(file).strip().split("\t", -1);
                Matcher run = column.length > 2 ? RUN.matcher(column[2]) : RUN.matcher("");
                if (run.matches() && run.group("failed").equals("0") && !column[0].equals(GIVEN)) {
                    all.add(
                            new Result(
                                    column[0],
                                    column[1],
                                    at(column, 3),
                                    at(column, 4),
                                    at(column, 5)));
                }
            }
        }
        return all;
    }

    private static String at(String[] columns, int index) {
        return index < columns.length ? columns[index] : "";
    }

    /** A page with the rows of these results in its table, in the order of names. */
    static String in(String page, List<Result> results) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END, begin);
        if (begin < 0 || end < 0) {
            throw new IllegalArgumentException("the page has no table " + BEGIN.strip());
        }
        Map<String, String> rows = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        page.substring(begin, end)
                .lines()
                .filter(line -> line.startsWith("| ") && !HEAD.contains(line))
                .forEach(row -> rows.put(row.split("\\|")[1].strip(), row));
        results.forEach(result -> rows.put(result.server(), result.row()));
        return page.substring(0, begin)
                + BEGIN
                + "\n"
                + HEAD
                + rows.values().stream().map(row -> row + "\n").collect(Collectors.joining())
                + "\n"
                + page.substring(end);
    }
}
