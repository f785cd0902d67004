package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.api.model.Shape;
import io.delivery.imports.SourceStream.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Spells a source's members as the API's model does, and gives values the model's types where they
 * are written otherwise: a number or a truth value as a text, one block in place of a list. What
 * does not fit stays, for the model to refuse.
 */
final class MemberFit {
    /** Members whose values change nothing here: without them the stream is the same. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "CloudWatchLoggingOptions",
                    "Tags",
                    "EncryptionConfiguration",
                    "DirectPutSourceConfiguration",
                    "RetryOptions");

    private final SourceStream stream;
    private final Spelling spelling;
    private final Holes holes;
    private final Map<String, String> places = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    MemberFit(SourceStream stream, Holes holes) {
        this.stream = stream;
        this.spelling = stream.spelling();
        this.holes = holes;
    }

    /**
     * A request in the API's words.
     *
     * @param shape of the request
     * @throws MisfitException when a value that matters is not known
     */
    ObjectNode fit(Shape.Structure shape) throws MisfitException {
        At all = new At("", stream.place());
        return (ObjectNode) shaped(shape, stream.request(), all).orElseThrow();
    }

    /** Where in the source the value of a member stands, by its path in the request. */
    Map<String, String> places() {
        return places;
    }

    List<Finding> findings() {
        return findings;
    }

    /**
     * A value's path in the request, and its place in the source.
     *
     * @param path of members and {@code [n]}, empty for the request
     */
    private record At(String path, String place) {
        At member(String name, String written) {
            return new At(path.isEmpty() ? name : path + "." + name, place + "." + written);
        }

        At element(int index) {
            return new At(path + "[" + index + "]", place + "[" + index + "]");
        }
    }

    private Optional<JsonNode> shaped(Shape shape, JsonNode value, At at) throws MisfitException {
        if (isNothing(value)) {
            return Optional.empty();
        }
        places.put(at.path, at.place);
        Optional<Template> template = Template.in(value);
        if (template.isPresent()) {
            return Optional.of(standIn(shape, template.get(), at));
        }
        if (shape instanceof Shape.Structure structure) {
            return structure(structure, value, at);
        }
        if (shape instanceof Shape.ListOf list) {
            return Optional.of(list(list, value, at));
        }
        if (shape instanceof Shape.MapOf map) {
            return Optional.of(map(map, value, at));
        }
        return Optional.of(scalar(shape, value));
    }

    /** Terraform writes down what was left out. */
    private boolean isNothing(JsonNode value) {
        boolean empty =
                value.isTextual() && value.asText().isEmpty()
                        || value.isContainerNode() && value.isEmpty();
        return value.isNull() || value.isMissingNode() || spelling == Spelling.SNAKE && empty;
    }

    private JsonNode standIn(Shape shape, Template template, At at) throws MisfitException {
        if (shape instanceof Shape.Text text) {
            Optional<String> stand = holes.standIn(template, text, at.place);
            if (stand.isPresent()) {
                return new TextNode(stand.get());
            }
        }
        throw new MisfitException(
                at.place,
                "%s is not known here, and nothing can stand for it: write the value, or import what describe-delivery-stream or terraform show -json says"
                        .formatted(template));
    }

    private Optional<JsonNode> structure(Shape.Structure shape, JsonNode value, At at)
            throws MisfitException {
        JsonNode members = value;
        if (spelling == Spelling.SNAKE && value.isArray() && value.size() == 1) {
            members = value.get(0).isNull() ? JsonNodeFactory.instance.objectNode() : value.get(0);
        }
        if (!members.isObject()) {
            return Optional.of(value);
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> given : members.properties()) {
            String written = stream.written().getOrDefault(given.getKey(), given.getKey());
            Optional<String> member = member(shape, given.getKey());
            if (member.isPresent()) {
                At there = at.member(member.get(), written);
                Shape of = shape.members().get(member.get()).shape();
                member(of, member.get(), given.getValue(), there)
                        .ifPresent(fitted -> out.set(member.get(), fitted));
            } else if (!isNothing(given.getValue())) {
                findings.add(
                        new Finding(
                                Finding.Kind.LEFT_OUT,
                                at.place + "." + written,
                                "is no member that this version of the API has"));
            }
        }
        return Optional.of(out);
    }

    private Optional<JsonNode> member(Shape shape, String name, JsonNode value, At at)
            throws MisfitException {
        try {
            return shaped(shape, value, at);
        } catch (MisfitException unknown) {
            if (!WITHOUT_EFFECT.contains(name)) {
                throw unknown;
            }
            findings.add(
                    new Finding(
                            Finding.Kind.LEFT_OUT,
                            at.place,
                            "is not known here, and would have no effect"));
            return Optional.empty();
        }
    }

    private Optional<String> member(Shape.Structure shape, String written) {
        return switch (spelling) {
            case API -> Optional.of(written).filter(shape.members()::containsKey);
            case SNAKE ->
                    shape.members().keySet().stream()
                            .filter(member -> folded(member).equals(folded(written)))
                            .findFirst();
        };
    }

    private static String folded(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    private JsonNode list(Shape.ListOf shape, JsonNode value, At at) throws MisfitException {
        if (spelling == Spelling.SNAKE && value.isObject()) {
            ArrayNode one = JsonNodeFactory.instance.arrayNode();
            shaped(shape.element().shape(), value, at).ifPresent(one::add);
            return one;
        }
        if (!value.isArray()) {
            return value;
        }
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < value.size(); i++) {
            shaped(shape.element().shape(), value.get(i), at.element(i)).ifPresent(out::add);
        }
        return out;
    }

    private JsonNode map(Shape.MapOf shape, JsonNode value, At at) throws MisfitException {
        if (!value.isObject()) {
            return value;
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            At there = at.member(entry.getKey(), entry.getKey());
            shaped(shape.value().shape(), entry.getValue(), there)
                    .ifPresent(fitted -> out.set(entry.getKey(), fitted));
        }
        return out;
    }

    private static JsonNode scalar(Shape shape, JsonNode value) {
        if (shape instanceof Shape.Text && (value.isNumber() || value.isBoolean())) {
            return new TextNode(value.asText());
        }
        if (shape instanceof Shape.Flag && value.isTextual()) {
            return switch (value.asText()) {
                case "true" -> BooleanNode.TRUE;
                case "false" -> BooleanNode.FALSE;
                default -> value; // for the model to refuse
            };
        }
        if (shape instanceof Shape.NumberShape && value.isTextual()) {
            return number(value);
        }
        return value;
    }

    /** As a template of CloudFormation may write one: {@code "300"}. */
    private static JsonNode number(JsonNode text) {
        String digits = text.asText();
        if (digits.matches("-?\\d{1,9}")) {
            return JsonNodeFactory.instance.numberNode(Integer.parseInt(digits));
        }
        return digits.matches("-?\\d{1,9}\\.\\d{1,18}")
                ? JsonNodeFactory.instance.numberNode(new java.math.BigDecimal(digits))
                : text;
    }
}
