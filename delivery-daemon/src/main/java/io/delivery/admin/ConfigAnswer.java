package io.delivery.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.record.PrintableText;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/** What is answered to whoever asks what another configuration would change: one at a time. */
final class ConfigAnswer {
    /** The longest configuration, in bytes, as that of a file. */
    static final int LONGEST_TEXT = 16 << 20;

    private static final int LONGEST_NAME = 200;

    private final ConfigDesk desk;
    private final Semaphore one = new Semaphore(1);

    /**
     * @param status of HTTP
     */
    record Answer(int status, JsonNode body) {
        static Answer error(int status, String message) {
            return new Answer(status, JsonNodeFactory.instance.objectNode().put("error", message));
        }
    }

    ConfigAnswer(ConfigDesk desk) {
        this.desk = desk;
    }

    /** Whether nobody else asks at the moment; {@link #ended} then lets others ask. */
    boolean begins() {
        return one.tryAcquire();
    }

    void ended() {
        one.release();
    }

    /**
     * @param name of the file, for messages; empty when nobody has said it
     */
    CompletionStage<Answer> answer(String name, byte[] text) {
        if (text.length > LONGEST_TEXT) {
            return CompletableFuture.completedFuture(
                    Answer.error(
                            413, "The body must have at most %d bytes".formatted(LONGEST_TEXT)));
        }
        Optional<CompletionStage<ConfigComparison>> compared = desk.compare(shown(name), text);
        return compared.isEmpty()
                ? CompletableFuture.completedFuture(
                        Answer.error(
                                409,
                                "This service has no configuration file, or has not started yet"))
                : compared.get().thenApply(comparison -> new Answer(200, json(comparison)));
    }

    private static String shown(String name) {
        // It becomes a path, which not every system can have.
        String printable = PrintableText.of(name).replaceAll("[^ -~]", "?");
        if (printable.isBlank()) {
            return "the configuration";
        }
        return printable.length() <= LONGEST_NAME
                ? printable
                : printable.substring(printable.length() - LONGEST_NAME);
    }

    private static ObjectNode json(ConfigComparison comparison) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode changes = answer.putArray("changes");
        comparison
                .changes()
                .forEach(
                        change ->
                                changes.addObject()
                                        .put("part", change.part().word())
                                        .put("name", change.name())
                                        .put("change", change.kind().word()));
        comparison.refusals().forEach(answer.putArray("refusals")::add);
        return answer;
    }
}
