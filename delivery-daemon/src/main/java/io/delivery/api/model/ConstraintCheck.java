package io.delivery.api.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Collects the constraints that a value breaks. Its types have been checked.
 *
 * <p>Members are told in the order of the model. A path is in lower camel case, with list members
 * counted from 1: {@code processors.1.member.type}. Texts and numbers within a list or a map are
 * told at the list or map, with all that they break in brackets, as it was captured.
 */
final class ConstraintCheck implements Shape.Visitor<Void> {
    private final JsonNode value;
    private final String path;
    private final Violations violations;

    /**
     * @param path of the value; empty for the request
     */
    ConstraintCheck(JsonNode value, String path, Violations violations) {
        this.value = value;
        this.path = path;
        this.violations = violations;
    }

    @Override
    public Void structure(Shape.Structure shape) {
        for (Map.Entry<String, Shape.Member> member : shape.members().entrySet()) {
            JsonNode given = value.get(member.getKey());
            String at = (path.isEmpty() ? "" : path + ".") + lowerCamel(member.getKey());
            if (given != null) {
                member.getValue().shape().accept(new ConstraintCheck(given, at, violations));
            } else if (shape.required().contains(member.getKey())) {
                violations.required(at);
            }
        }
        return null;
    }

    private static String lowerCamel(String member) {
        return member.substring(0, 1).toLowerCase(Locale.ROOT) + member.substring(1);
    }

    @Override
    public Void list(Shape.ListOf shape) {
        length(value.size(), shape.length());
        Shape element = shape.element().shape();
        for (int i = 0; i < value.size(); i++) {
            String at = path + "." + (i + 1) + ".member";
            if (value.get(i).isNull()) {
                violations.required(at);
            } else if (element instanceof Shape.Structure) {
                element.accept(new ConstraintCheck(value.get(i), at, violations));
            } else {
                inBrackets("Member must satisfy constraint: ", value.get(i), element);
            }
        }
        return null;
    }

    @Override
    public Void map(Shape.MapOf shape) {
        length(value.size(), shape.length());
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            inBrackets(
                    "Map keys must satisfy constraint: ",
                    TextNode.valueOf(entry.getKey()),
                    shape.key().shape());
            inBrackets(
                    "Map value must satisfy constraint: ", entry.getValue(), shape.value().shape());
        }
        return null;
    }

    /** What a scalar within this value breaks, in one violation of this value. */
    private void inBrackets(String words, JsonNode scalar, Shape shape) {
        Violations broken = new Violations();
        shape.accept(new ConstraintCheck(scalar, "", broken));
        if (!broken.isEmpty()) {
            violations.add("", path, words + "[" + String.join(", ", broken.constraints()) + "]");
        }
    }

    @Override
    public Void text(Shape.Text shape) {
        String text = value.textValue();
        if (!shape.words().isEmpty() && !shape.words().contains(text)) {
            violations.add(
                    "",
                    path,
                    "Member must satisfy enum value set: ["
                            + String.join(", ", shape.words())
                            + "]");
        }
        shape.pattern()
                .filter(pattern -> !pattern.matcher(text).matches())
                .ifPresent(
                        pattern ->
                                violations.add(
                                        "",
                                        path,
                                        "Member must satisfy regular expression pattern: "
                                                + pattern));
        length(text.length(), shape.length());
        return null;
    }

    @Override
    public Void number(Shape.NumberShape shape) {
        double number = value.doubleValue();
        if (shape.range().isAbove(number)) {
            violations.add(
                    "",
                    path,
                    "Member must have value less than or equal to " + whole(shape.range().max()));
        }
        if (shape.range().isBelow(number)) {
            violations.add(
                    "",
                    path,
                    "Member must have value greater than or equal to "
                            + whole(shape.range().min()));
        }
        return null;
    }

    @Override
    public Void flag(Shape.Flag shape) {
        return null;
    }

    @Override
    public Void blob(Shape.Blob shape) {
        length(Base64.getDecoder().decode(value.textValue()).length, shape.length());
        return null;
    }

    private void length(int length, Shape.Range range) {
        if (range.isAbove(length)) {
            violations.tooLong(path, range.max().orElseThrow().intValue());
        }
        if (range.isBelow(length)) {
            violations.tooShort(path, range.min().orElseThrow().intValue());
        }
    }

    private static String whole(Optional<Double> bound) {
        return String.valueOf(bound.orElseThrow().longValue());
    }
}
