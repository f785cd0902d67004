package io.delivery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.record.PrintableText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** What was done with objects that did not land, in words. */
final class DivertedText {
    private final StringBuilder lines = new StringBuilder();

    /** Objects and their records, by lane and outcome. */
    private final Map<String, Map<String, long[]>> sums = new LinkedHashMap<>();

    private final Map<String, String> failures = new LinkedHashMap<>();

    /**
     * @param answer of the admin port
     */
    DivertedText(JsonNode answer) {
        for (JsonNode object : answer.path("objects")) {
            add(object);
        }
        for (JsonNode failure : answer.path("failures")) {
            failures.put(
                    PrintableText.of(failure.path("lane").asText()),
                    PrintableText.of(failure.path("reason").asText()));
        }
    }

    private void add(JsonNode object) {
        String outcome = object.path("outcome").asText();
        long records = object.path("records").asLong();
        long[] sum =
                sums.computeIfAbsent(
                                PrintableText.of(object.path("lane").asText()),
                                lane -> new LinkedHashMap<>())
                        .computeIfAbsent(outcome, o -> new long[2]);
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

    /**
     * A line for each object, and one for all of them; when a lane has failed that line tells what
     * each lane did.
     */
    String text() {
        StringJoiner last = new StringJoiner("; ", "", System.lineSeparator());
        if (failures.isEmpty()) {
            last.add(text(ofAllLanes()));
        } else {
            sums.forEach((lane, outcomes) -> last.add(lane + ": " + text(outcomes)));
            failures.forEach((lane, reason) -> last.add(lane + ": " + reason));
        }
        return lines.toString() + last;
    }

    private Map<String, long[]> ofAllLanes() {
        Map<String, long[]> all = new LinkedHashMap<>();
        for (Map<String, long[]> outcomes : sums.values()) {
            outcomes.forEach(
                    (outcome, sum) -> {
                        long[] whole = all.computeIfAbsent(outcome, o -> new long[2]);
                        whole[0] += sum[0];
                        whole[1] += sum[1];
                    });
        }
        return all;
    }

    private static String text(Map<String, long[]> outcomes) {
        StringJoiner text = new StringJoiner(", ");
        outcomes.forEach(
                (outcome, sum) ->
                        text.add(
                                "%s with %s %s"
                                        .formatted(
                                                count(sum[0], "object"),
                                                count(sum[1], "record"),
                                                verb(outcome))));
        return text.toString();
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
        return ofAllLanes().getOrDefault("asksFirst", new long[2])[0];
    }

    /** Whether every object was led elsewhere, and no lane has failed. */
    boolean allDone() {
        Map<String, long[]> all = ofAllLanes();
        return failures.isEmpty() && !all.containsKey("asksFirst") && !all.containsKey("unchanged");
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
