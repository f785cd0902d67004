package io.delivery.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What docs/operations.md has of alerts: a row of a table for each, and a section. */
final class OperationsPage {
    private static final Pattern HEADING = Pattern.compile("(?m)^#{2,4} (.+)$");
    private static final Pattern SECTION = Pattern.compile("(?m)^### (Delivery[A-Za-z]+)$");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| \\[(Delivery[A-Za-z]+)]\\(#([a-z]+)\\) \\| ([a-z]+) \\|");
    private static final Pattern CODE_ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|");
    private static final Pattern METRIC = Pattern.compile("\\bdelivery_[a-z_]+[a-z]");

    private final String text;

    private OperationsPage(String text) {
        this.text = text;
    }

    static OperationsPage read() throws IOException {
        return new OperationsPage(Files.readString(Path.of("../docs/operations.md")));
    }

    /** The alerts that have a section of their own, in their order. */
    List<String> sections() {
        return SECTION.matcher(text).results().map(found -> found.group(1)).toList();
    }

    /** The first words, in code, of the rows of the table in a section. */
    List<String> rowsOf(String section) {
        String from = text.substring(text.indexOf("\n### " + section + "\n") + 1);
        int end = from.indexOf("\n### ");
        return CODE_ROW.matcher(end < 0 ? from : from.substring(0, end))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** The severity in the table, by the alert's name. */
    TreeMap<String, String> severities() {
        TreeMap<String, String> severities = new TreeMap<>();
        ROW.matcher(text)
                .results()
                .forEach(found -> severities.put(found.group(1), found.group(3)));
        return severities;
    }

    /** What can stand behind {@code #} in a link to the page. */
    Set<String> anchors() {
        return HEADING.matcher(text)
                .results()
                .map(found -> anchor(found.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Where the rows of the table lead. */
    Set<String> linked() {
        return ROW.matcher(text)
                .results()
                .map(found -> found.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> metrics() {
        return METRIC.matcher(text)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** As GitHub makes it of a heading: lower case, hyphens for spaces, no other signs. */
    static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
    }
}
