package io.delivery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.config.ConfigChange;
import io.delivery.record.PrintableText;
import java.util.Arrays;

/** What another configuration would change, in words. */
final class DiffText {
    private DiffText() {}

    /**
     * Some lines, each with its end: a row for each part, and what a service would say to it.
     *
     * @param running whether a service was asked
     */
    static String of(JsonNode answer, boolean running) {
        int parts = 0;
        int names = 0;
        for (JsonNode change : answer.path("changes")) {
            parts = Math.max(parts, change.path("part").asText().length());
            names = Math.max(names, name(change).length());
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode change : answer.path("changes")) {
            String part = change.path("part").asText();
            text.append(part).append(" ".repeat(parts + 2 - part.length()));
            text.append(name(change)).append(" ".repeat(names + 2 - name(change).length()));
            text.append(words(change.path("change").asText())).append('\n');
        }
        for (JsonNode refusal : answer.path("refusals")) {
            text.append("refused: ").append(PrintableText.of(refusal.asText())).append('\n');
        }
        if (!answer.path("refusals").isEmpty()) {
            return text.append("The service would refuse it, and stay what it is.\n").toString();
        }
        if (!differs(answer)) {
            return text.append("Nothing differs.\n").toString();
        }
        if (needsRestart(answer)) {
            text.append(
                    running
                            ? "Only a restart brings all of this into force: without one the service refuses it, and stays what it is.\n"
                            : "Only a restart brings all of this into force: a service that runs refuses it, and stays what it is.\n");
        }
        return text.toString();
    }

    private static String name(JsonNode change) {
        return PrintableText.of(change.path("name").asText());
    }

    /** Of a newer service there may be words that are not known here. */
    private static String words(String word) {
        return Arrays.stream(ConfigChange.Kind.values())
                .filter(kind -> kind.word().equals(word))
                .map(ConfigChange.Kind::text)
                .findFirst()
                .orElse(PrintableText.of(word));
    }

    static boolean differs(JsonNode answer) {
        return any(answer, ConfigChange.Kind.NOTHING, false);
    }

    private static boolean needsRestart(JsonNode answer) {
        return any(answer, ConfigChange.Kind.NEEDS_RESTART, true);
    }

    private static boolean any(JsonNode answer, ConfigChange.Kind kind, boolean equal) {
        for (JsonNode change : answer.path("changes")) {
            if (change.path("change").asText().equals(kind.word()) == equal) {
                return true;
            }
        }
        return false;
    }
}
