package io.delivery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.record.PrintableText;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was done with objects that did not land, in words. */
final class DivertedText {
    private final StringBuilder lines = new StringBuilder();
    private final Map<String, long[]> sums = new LinkedHashMap<>();

    DivertedText(JsonNode objects) {
        for (JsonNode object : objects) {
            add(object);
        }
    }

    private void add(JsonNode object) {
        String outcome = object.path("outcome").asText();
        long records = object.path("records").asLong();
        long[] sum = sums.computeIfAbsent(outcome, o -> new long[2]);
        sum[0]++;
        sum[1] += records;
        lines.append(
                "%s (%s): %s%n"
                        .formatted(
                                PrintableText.of(object.path("object").asText()),
                                count(records, "record"),
                                fate(outcome, object)));
    }

    private static String fate(String outcome, JsonNode object) {
        return switch (outcome) {
            case "redirected" -> "lands as " + PrintableText.of(object.path("to").asText());
            case "errorOutput" -> "its records go to the error output";
            case "localFolder" ->
                    "goes to "
                            + PrintableText.of(object.path("to").asText())
                            + " in the data directory";
            case "asksFirst" ->
                    "NOT CHANGED, it would go to the local folder skipped/ of the data directory";
            case "unchanged" -> "NOT CHANGED, " + PrintableText.of(object.path("reason").asText());
            default -> throw new IllegalStateException("an outcome that is not known: " + outcome);
        };
    }

    /** A line for each object, and one for all of them. */
    String text() {
        StringBuilder text = new StringBuilder(lines);
        String separator = "";
        for (Map.Entry<String, long[]> sum : sums.entrySet()) {
            text.append(separator)
                    .append(count(sum.getValue()[0], "object"))
                    .append(" with ")
                    .append(count(sum.getValue()[1], "record"))
                    .append(' ')
                    .append(verb(sum.getKey()));
            separator = ", ";
        }
        return text.append(System.lineSeparator()).toString();
    }

    private static String verb(String outcome) {
        return switch (outcome) {
            case "redirected" -> "redirected";
            case "errorOutput" -> "skipped into the error output";
            case "localFolder" -> "skipped into the local folder";
            case "asksFirst", "unchanged" -> "not changed";
            default -> throw new IllegalStateException("an outcome that is not known: " + outcome);
        };
    }

    /** Objects that would go to the local folder. */
    long asksFirst() {
        return sums.getOrDefault("asksFirst", new long[2])[0];
    }

    /** Whether every object was led elsewhere. */
    boolean allDone() {
        return !sums.containsKey("asksFirst") && !sums.containsKey("unchanged");
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
