package io.delivery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.config.ByteSize;
import io.delivery.record.Amount;
import io.delivery.record.PrintableText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One stream's status as the admin server gives it, in words. */
final class StatusText {
    /** The books in the order of their equation: what came in, then where it is. */
    private static final Map<String, String> INCOMING = new LinkedHashMap<>();

    private static final Map<String, String> OUTCOMES = new LinkedHashMap<>();

    static {
        INCOMING.put("accepted", "accepted");
        INCOMING.put("split", "split");
        OUTCOMES.put("landed", "landed");
        OUTCOMES.put("dropped", "dropped");
        OUTCOMES.put("errorOutput", "error output");
        OUTCOMES.put("damaged", "damaged");
        OUTCOMES.put("discarded", "discarded");
        OUTCOMES.put("buffered", "buffered");
    }

    private StatusText() {}

    /**
     * Some lines, each with its end: a head, the troubles, the fields without a column, and the
     * books of each lane.
     */
    static String of(JsonNode stream) {
        StringBuilder text = new StringBuilder(String.join("  ", head(stream))).append('\n');
        for (String trouble : troubles(stream)) {
            text.append("  trouble: ").append(PrintableText.of(trouble)).append('\n');
        }
        if (stream.path("function").isObject()) {
            text.append("  ").append(function(stream.path("function"))).append('\n');
        }
        String unknownFields = unknownFields(stream.path("unknownFields"));
        if (!unknownFields.isEmpty()) {
            text.append("  fields without a column: ").append(unknownFields).append('\n');
        }
        int width = 0;
        for (JsonNode lane : stream.path("lanes")) {
            width = Math.max(width, lane.path("lane").asText().length());
        }
        for (JsonNode lane : stream.path("lanes")) {
            String name = lane.path("lane").asText() + ":";
            text.append("  ").append(name).append(" ".repeat(width + 2 - name.length()));
            text.append(books(lane.path("books"))).append('\n');
            String waiting = waiting(lane);
            if (!waiting.isEmpty()) {
                text.append(" ".repeat(width + 4)).append(waiting).append('\n');
            }
        }
        return text.toString();
    }

    private static List<String> head(JsonNode stream) {
        List<String> head = new ArrayList<>();
        head.add(PrintableText.of(stream.path("name").asText()));
        head.add(state(stream));
        if (stream.path("version").asInt() > 0) { // of a closed one nobody can tell
            head.add("version " + stream.path("version").asInt());
        }
        String encryption = encryption(stream.path("encryption").asText(""));
        if (!encryption.isEmpty()) {
            head.add(encryption);
        }
        if (stream.path("journalLimitBytes").asLong() > 0) {
            head.add(
                    "journal %s of %s"
                            .formatted(
                                    ByteSize.text(stream.path("journalBytes").asLong()),
                                    ByteSize.text(stream.path("journalLimitBytes").asLong())));
        }
        if (stream.path("oldestSeconds").isNumber()) {
            Duration age = Duration.ofSeconds(stream.path("oldestSeconds").asLong());
            head.add("oldest record that has not landed: " + Amount.of(age));
        }
        return head;
    }

    /** Of what is on the disk; nothing where it is off, as with most streams. */
    private static String encryption(String state) {
        return switch (state) {
            case "enabled" -> "encrypted";
            case "enabling", "disabling" -> "encryption " + state;
            default -> "";
        };
    }

    /** What an operator must see at a glance is in capitals. */
    private static String state(JsonNode stream) {
        String phase = stream.path("phase").asText("active");
        boolean healthy = stream.path("healthy").asBoolean();
        if (phase.equals("closed")) {
            return "CLOSED";
        }
        String health = healthy ? "healthy" : "UNHEALTHY";
        return phase.equals("active") ? health : health + ", " + phase;
    }

    /** With what producers hear, said once. */
    private static Set<String> troubles(JsonNode stream) {
        Set<String> troubles = new LinkedHashSet<>();
        if (!stream.path("refusal").asText("").isEmpty()) {
            troubles.add(stream.path("refusal").asText());
        }
        stream.path("troubles").forEach(trouble -> troubles.add(trouble.asText()));
        troubles.remove("null"); // what a null reads as
        return troubles;
    }

    /** How busy it is; what is wrong with it is among the troubles. */
    private static String function(JsonNode function) {
        int waiting = function.path("waiting").asInt();
        return "function %s: %d of %s busy%s"
                .formatted(
                        PrintableText.of(function.path("name").asText()),
                        function.path("busySlots").asInt(),
                        Amount.of(function.path("slots").asInt(), "slot"),
                        waiting == 0 ? "" : ", " + Amount.of(waiting, "event") + " waiting");
    }

    /** Empty when there are none. */
    private static String unknownFields(JsonNode tally) {
        List<String> parts = new ArrayList<>();
        for (JsonNode field : tally.path("mostFrequent")) {
            parts.add(
                    PrintableText.of(field.path("field").asText())
                            + " "
                            + Amount.of(field.path("times").asLong()));
        }
        long others = tally.path("others").asLong();
        if (others > 0) {
            parts.add("others " + Amount.of(others));
        }
        return String.join(", ", parts);
    }

    private static String books(JsonNode books) {
        return sum(INCOMING, books)
                + " = "
                + sum(OUTCOMES, books)
                + (isBalanced(books) ? "" : "  THE BOOKS DO NOT BALANCE");
    }

    private static String sum(Map<String, String> names, JsonNode books) {
        List<String> terms = new ArrayList<>();
        names.forEach((key, name) -> terms.add(name + " " + Amount.of(books.path(key).asLong())));
        return String.join(" + ", terms);
    }

    /** What is between the journal and the store; empty when nothing is. */
    static String waiting(JsonNode lane) {
        List<String> parts = new ArrayList<>();
        long records = lane.path("books").path("buffered").asLong();
        if (records == 0) {
            return "";
        }
        int objects = lane.path("waitingObjects").asInt();
        int partitions = lane.path("activePartitions").asInt();
        long staged = lane.path("stagingBytes").asLong();
        long buffered = lane.path("memoryBytes").asLong() + lane.path("spoolBytes").asLong();
        if (objects > 0) {
            parts.add(
                    "%s recorded and not yet in the store (%s)"
                            .formatted(Amount.of(objects, "object"), ByteSize.text(staged)));
        }
        if (partitions > 0) {
            parts.add(
                    "%s open (%s)"
                            .formatted(
                                    Amount.of(partitions, "partition buffer"),
                                    ByteSize.text(buffered)));
        }
        return parts.isEmpty() ? "" : "waiting: " + String.join(", ", parts);
    }

    static boolean isBalanced(JsonNode books) {
        return books.path("balanced").asBoolean(true);
    }

    /** Whether it is unhealthy or its books do not balance. */
    static boolean needsAttention(JsonNode stream) {
        boolean balanced = true;
        for (JsonNode lane : stream.path("lanes")) {
            balanced &= isBalanced(lane.path("books"));
        }
        return !stream.path("healthy").asBoolean() || !balanced;
    }
}
