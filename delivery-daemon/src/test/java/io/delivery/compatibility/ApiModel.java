package io.delivery.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.model.ServiceModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The published model of the service as the program has it, with the names of its shapes. */
final class ApiModel {
    private static final String FILE = "firehose-2015-08-04.json";

    private final JsonNode document;

    private ApiModel(JsonNode document) {
        this.document = document;
    }

    static ApiModel read() {
        try (InputStream in = ServiceModel.class.getResourceAsStream(FILE)) {
            return new ApiModel(new ObjectMapper().readTree(in));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What of an operation a member belongs to. */
    enum Side {
        INPUT("input"),
        OUTPUT("output");

        private final String word;

        Side(String word) {
            this.word = word;
        }
    }

    /** One step of a member's path: a member of a structure. */
    record Step(String structure, String member) {}

    /**
     * A member that an operation takes or answers with, at any depth.
     *
     * @param shape that its value has
     */
    record Member(String operation, Side side, List<Step> steps, String shape) {
        /** As the page writes it: {@code Tags[].Key}. */
        String path() {
            return String.join(".", steps.stream().map(Step::member).toList());
        }

        /** The same without the marks of lists. */
        List<String> names() {
            return steps.stream().map(step -> step.member().replace("[]", "")).toList();
        }

        String name() {
            return names().get(steps.size() - 1);
        }

        @Override
        public String toString() {
            return operation + " " + side.word + " " + path();
        }
    }

    List<String> operations() {
        List<String> names = new ArrayList<>();
        document.get("operations").fieldNames().forEachRemaining(names::add);
        return names.stream().sorted().toList();
    }

    /** The shape of what an operation takes or answers with. */
    Optional<String> top(String operation, Side side) {
        JsonNode reference = document.get("operations").get(operation).get(side.word);
        return Optional.ofNullable(reference).map(node -> node.get("shape").asText());
    }

    JsonNode shape(String name) {
        JsonNode shape = document.get("shapes").get(name);
        if (shape == null) {
            throw new IllegalArgumentException("the model has no shape " + name);
        }
        return shape;
    }

    List<String> words(String shape) {
        List<String> words = new ArrayList<>();
        shape(shape).path("enum").forEach(word -> words.add(word.asText()));
        return words;
    }

    /**
     * Members of an operation: those that hold no further members, and those at which the walk
     * ends.
     *
     * @param isEnd members whose own members are not asked for
     */
    List<Member> members(String operation, Side side, Predicate<Member> isEnd) {
        List<Member> found = new ArrayList<>();
        top(operation, side)
                .ifPresent(top -> walk(new Member(operation, side, List.of(), top), isEnd, found));
        return found;
    }

    private void walk(Member at, Predicate<Member> isEnd, List<Member> found) {
        JsonNode shape = shape(at.shape());
        switch (shape.get("type").asText()) {
            case "structure" -> {
                for (Map.Entry<String, JsonNode> member : shape.get("members").properties()) {
                    step(
                            at,
                            member.getKey(),
                            member.getValue().get("shape").asText(),
                            isEnd,
                            found);
                }
            }
            case "list" -> {
                String element = shape.get("member").get("shape").asText();
                if (isStructure(element)) {
                    walk(new Member(at.operation(), at.side(), listed(at), element), isEnd, found);
                } else {
                    found.add(at);
                }
            }
            default -> found.add(at);
        }
    }

    private void step(
            Member at, String name, String shape, Predicate<Member> isEnd, List<Member> found) {
        List<Step> steps = new ArrayList<>(at.steps());
        steps.add(new Step(at.shape(), name));
        Member member = new Member(at.operation(), at.side(), List.copyOf(steps), shape);
        if (isEnd.test(member)) {
            found.add(member);
        } else {
            walk(member, isEnd, found);
        }
    }

    private static List<Step> listed(Member list) {
        List<Step> steps = new ArrayList<>(list.steps());
        Step last = steps.remove(steps.size() - 1);
        steps.add(new Step(last.structure(), last.member() + "[]"));
        return List.copyOf(steps);
    }

    private boolean isStructure(String shape) {
        return shape(shape).get("type").asText().equals("structure");
    }
}
