package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.delivery.api.model.Shape;
import io.delivery.imports.SourceStream.Spelling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Spells a source's members as the API's model does, and gives values the model's types where they
 * are written otherwise: a number or a truth value as a text, one block in place of a list. A value
 * of another type is refused with its place; what else does not fit stays, for the model to refuse.
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

    /** As YAML 1.1 writes truth values, which templates are in (yaml.org/type/bool). */
    private static final Set<String> TRUE = Set.of("true", "yes", "on");

    private static final Set<String> FALSE = Set.of("false", "no", "off");

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
        if (isNothing(shape, value)) {
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
        return Optional.of(scalar(shape, value, at));
    }

    /** Terraform writes down what was left out; a block without arguments has its defaults. */
    private boolean isNothing(Shape shape, JsonNode value) {
        boolean block = value.isObject() && !(shape instanceof Shape.MapOf);
        return isNothing(value)
                || spelling == Spelling.SNAKE
                        && value.isContainerNode()
                        && value.isEmpty()
                        && !block;
    }

    private boolean isNothing(JsonNode value) {
        boolean empty = value.isTextual() && value.asText().isEmpty();
        return value.isNull() || value.isMissingNode() || spelling == Spelling.SNAKE && empty;
    }

    private JsonNode standIn(Shape shape, Template template, At at) throws MisfitException {
        if (shape instanceof Shape.Text text) {
            Optional<String> stand = holes.standIn(template, text, stream.scope(), at.place);
            if (stand.isPresent()) {
                return new TextNode(stand.get());
            }
        }
        throw MisfitException.unknown(at.place, template);
    }

    private static MisfitException misfit(At at, String wanted, JsonNode value) {
        String said =
                value.isValueNode() ? value.toString() : value.isArray() ? "a list" : "a structure";
        return new MisfitException(at.place, "must be %s, was %s".formatted(wanted, said));
    }

    private Optional<JsonNode> structure(Shape.Structure shape, JsonNode value, At at)
            throws MisfitException {
        JsonNode members = value;
        if (spelling == Spelling.SNAKE && value.isArray() && value.size() == 1) {
            members = value.get(0).isNull() ? JsonNodeFactory.instance.objectNode() : value.get(0);
        }
        if (!members.isObject()) {
            throw misfit(at, "a structure", members);
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
            } else if (!isNothing(shape, given.getValue())) {
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
            if (!WITHOUT_EFFECT.contains(name) || !unknown.isUnknown()) {
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
            throw misfit(at, "a list", value);
        }
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < value.size(); i++) {
            shaped(shape.element().shape(), value.get(i), at.element(i)).ifPresent(out::add);
        }
        return out;
    }

    private JsonNode map(Shape.MapOf shape, JsonNode value, At at) throws MisfitException {
        if (!value.isObject()) {
            throw misfit(at, "a map", value);
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            At there = at.member(entry.getKey(), entry.getKey());
            shaped(shape.value().shape(), entry.getValue(), there)
                    .ifPresent(fitted -> out.set(entry.getKey(), fitted));
        }
        return out;
    }

    private static JsonNode scalar(Shape shape, JsonNode value, At at) throws MisfitException {
        if (shape instanceof Shape.NumberShape number) {
            return number(number, value, at);
        }
        if (shape instanceof Shape.Flag) {
            return flag(value, at);
        }
        if (!value.isValueNode()) {
            throw misfit(at, "a text", value);
        }
        return value.isTextual() ? value : new TextNode(value.asText());
    }

    private static JsonNode flag(JsonNode value, At at) throws MisfitException {
        String word = value.asText().toLowerCase(Locale.ROOT);
        if (value.isBoolean() || value.isTextual() && TRUE.contains(word)) {
            return BooleanNode.valueOf(!value.isBoolean() || value.asBoolean());
        }
        if (value.isTextual() && FALSE.contains(word)) {
            return BooleanNode.FALSE;
        }
        throw misfit(at, "true or false", value);
    }

    /**
     * Also as a template of CloudFormation may write one: {@code "300"}. A zero in front would make
     * it octal in YAML 1.1.
     */
    private static JsonNode number(Shape.NumberShape shape, JsonNode value, At at)
            throws MisfitException {
        boolean whole = shape.kind() == Shape.NumberShape.Kind.INTEGER;
        String digits = value.asText();
        if (value.isTextual() && digits.matches("-?(0|[1-9]\\d{0,9})")) {
            return number(shape, DecimalNode.valueOf(new BigDecimal(digits)), at);
        }
        if (value.isTextual() && !whole && digits.matches("-?(0|[1-9]\\d{0,8})\\.\\d{1,18}")) {
            return JsonNodeFactory.instance.numberNode(new BigDecimal(digits));
        }
        if (value.isNumber() && (!whole || isWhole(value))) {
            return value;
        }
        throw misfit(at, whole ? "a whole number" : "a number", value);
    }

    private static boolean isWhole(JsonNode number) {
        return number.isIntegralNumber()
                ? number.canConvertToInt()
                : number.isBigDecimal()
                        && number.decimalValue().scale() == 0
                        && number.decimalValue().unscaledValue().bitLength() < Integer.SIZE;
    }
}
