package io.delivery.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.cli.SampleRun.SampleOutcome;
import io.delivery.processing.Outcome;
import io.delivery.record.Failure;
import io.delivery.record.PrintableText;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What became of samples, for people as it comes, or for programs at the end. */
final class SampleReport {
    private final boolean json;
    private final boolean prefixes;
    private final PrintWriter out;
    private final ArrayNode list = JsonNodeFactory.instance.arrayNode();
    private int samples;
    private boolean anyFailed;

    /**
     * @param prefixes whether to show the prefix that each would land under
     */
    SampleReport(boolean json, boolean prefixes, PrintWriter out) {
        this.json = json;
        this.prefixes = prefixes;
        this.out = out;
    }

    /**
     * Adds what became of samples that were processed together. Their log is shown once: as JSON
     * with the first outcome.
     *
     * @param count of them
     */
    void add(int count, List<SampleOutcome> outcomes, Duration took, List<String> log) {
        for (int i = 0; i < outcomes.size(); i++) {
            SampleOutcome outcome = outcomes.get(i);
            Shown shown = shown(outcome);
            anyFailed |= shown.failure().isPresent();
            if (json) {
                json(outcome, shown, took, i == 0 ? log : List.of());
            } else {
                text(name(outcome, outcomes), shown, took);
            }
        }
        if (!json) {
            log.forEach(line -> out.println("  log: " + PrintableText.of(line)));
            out.flush();
        }
        samples += count;
    }

    /**
     * Nothing follows.
     *
     * @return whether every sample has passed or was dropped
     */
    boolean end() {
        if (json) {
            out.println(list.toPrettyString());
            out.flush();
        }
        return !anyFailed;
    }

    private Shown shown(SampleOutcome sample) {
        Shown processed = Shown.of(sample.outcome());
        if (sample.refusal().isPresent()) {
            return new Shown(
                    Shown.FAILED,
                    processed.data(),
                    processed.keys(),
                    Optional.empty(),
                    sample.refusal());
        }
        return new Shown(
                processed.word(),
                processed.data(),
                processed.keys(),
                prefixes ? sample.prefix() : Optional.empty(),
                processed.failure());
    }

    private void text(String name, Shown shown, Duration took) {
        String keys = shown.keys().isEmpty() ? "" : ", keys " + shown.keys();
        out.println(
                "%s: %s, %,d ms%s"
                        .formatted(name, shown.word(), took.toMillis(), PrintableText.of(keys)));
        shown.failure()
                .ifPresent(
                        failure ->
                                out.println(
                                        "  %s, %d %s: %s"
                                                .formatted(
                                                        PrintableText.of(failure.code()),
                                                        failure.attempts(),
                                                        failure.attempts() == 1 ? "try" : "tries",
                                                        PrintableText.of(failure.message()))));
        shown.data().ifPresent(data -> out.println("  " + printable(data)));
        shown.prefix()
                .ifPresent(prefix -> out.println("  would land under " + PrintableText.of(prefix)));
    }

    private String name(SampleOutcome outcome, List<SampleOutcome> all) {
        boolean split =
                all.stream().filter(other -> other.record() == outcome.record()).count() > 1;
        int number = samples + outcome.record() + 1;
        return split
                ? "record %d, part %d".formatted(number, outcome.part() + 1)
                : "record " + number;
    }

    private static String printable(byte[] data) {
        return utf8(data)
                .map(PrintableText::of)
                .orElseGet(() -> "%,d bytes that are no text".formatted(data.length));
    }

    private void json(SampleOutcome outcome, Shown shown, Duration took, List<String> log) {
        ObjectNode node = list.addObject();
        node.put("record", samples + outcome.record() + 1);
        node.put("part", outcome.part() + 1);
        node.put("result", shown.word());
        node.put("milliseconds", took.toMillis());
        shown.data()
                .ifPresent(
                        data -> {
                            utf8(data).ifPresent(text -> node.put("text", text));
                            node.put("data", Base64.getEncoder().encodeToString(data));
                        });
        if (!shown.keys().isEmpty()) {
            ObjectNode keys = node.putObject("partitionKeys");
            shown.keys().forEach(keys::put);
        }
        shown.prefix().ifPresent(prefix -> node.put("prefix", prefix));
        shown.failure()
                .ifPresent(
                        failure ->
                                node.put("errorCode", failure.code())
                                        .put("errorMessage", failure.message())
                                        .put("attemptsMade", failure.attempts()));
        log.forEach(node.putArray("log")::add);
    }

    private static Optional<String> utf8(byte[] data) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString());
        } catch (CharacterCodingException noText) {
            return Optional.empty();
        }
    }

    /**
     * What is shown of an outcome.
     *
     * @param word as the answers of functions say it
     * @param data of a record that partitioning refuses as well: what the processors made of it
     * @param keys that a function gave the record
     * @param prefix that it would land under
     */
    private record Shown(
            String word,
            Optional<byte[]> data,
            Map<String, String> keys,
            Optional<String> prefix,
            Optional<Failure> failure) {
        static final String FAILED = "ProcessingFailed";

        static Shown of(Outcome outcome) {
            if (outcome instanceof Outcome.Ok ok) {
                return new Shown(
                        "Ok",
                        Optional.of(ok.data()),
                        new TreeMap<>(ok.keys().fromLambda()),
                        Optional.empty(),
                        Optional.empty());
            }
            if (outcome instanceof Outcome.Dropped) {
                return new Shown(
                        "Dropped", Optional.empty(), Map.of(), Optional.empty(), Optional.empty());
            }
            if (outcome instanceof Outcome.ProcessingFailed failed) {
                return new Shown(
                        FAILED,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        Optional.of(failed.failure()));
            }
            throw new IllegalStateException("an outcome that nobody knows: " + outcome);
        }
    }
}
