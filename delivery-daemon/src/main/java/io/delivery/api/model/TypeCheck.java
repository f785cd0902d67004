package io.delivery.api.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.api.ApiException;
import java.util.Iterator;
import java.util.Map;

/**
 * Refuses a value that has another JSON type than its shape, and takes members that are null out of
 * the document.
 */
final class TypeCheck implements Shape.Visitor<Void> {
    private static final String STRUCTURE_UNEXPECTED =
            "Start of structure or map found where not expected.";
    private static final String LIST_UNEXPECTED = "Start of list found where not expected";

    private final JsonNode value;

    TypeCheck(JsonNode value) {
        this.value = value;
    }

    @Override
    public Void structure(Shape.Structure shape) {
        requireObject("a structure");
        removeNulls();
        for (Map.Entry<String, Shape.Member> member : shape.members().entrySet()) {
            JsonNode given = value.get(member.getKey());
            if (given != null) {
                member.getValue().shape().accept(new TypeCheck(given));
            }
        }
        return null;
    }

    @Override
    public Void map(Shape.MapOf shape) {
        requireObject("a map");
        removeNulls();
        value.forEach(given -> shape.value().shape().accept(new TypeCheck(given)));
        return null;
    }

    @Override
    public Void list(Shape.ListOf shape) {
        if (value.isObject()) {
            throw ApiException.serialization(STRUCTURE_UNEXPECTED);
        }
        if (!value.isArray()) {
            throw mismatch("a list");
        }
        for (JsonNode given : value) {
            // What is null in a list is refused as a member that is missing.
            if (!given.isNull()) {
                shape.element().shape().accept(new TypeCheck(given));
            }
        }
        return null;
    }

    @Override
    public Void text(Shape.Text shape) {
        requireText();
        return null;
    }

    @Override
    public Void number(Shape.NumberShape shape) {
        refuseContainers();
        boolean fits =
                shape.kind() == Shape.NumberShape.Kind.INTEGER
                        ? value.isIntegralNumber() && value.canConvertToInt()
                        : value.isNumber();
        if (!fits) {
            throw mismatch(shape.kind().words());
        }
        return null;
    }

    @Override
    public Void flag(Shape.Flag shape) {
        refuseContainers();
        if (!value.isBoolean()) {
            throw mismatch("a Boolean");
        }
        return null;
    }

    @Override
    public Void blob(Shape.Blob shape) {
        requireText();
        return null;
    }

    private void requireText() {
        refuseContainers();
        if (!value.isTextual()) {
            throw mismatch("a String");
        }
    }

    private void requireObject(String what) {
        if (value.isArray()) {
            throw ApiException.serialization(LIST_UNEXPECTED);
        }
        if (!value.isObject()) {
            throw mismatch(what);
        }
    }

    private void refuseContainers() {
        if (value.isObject()) {
            throw ApiException.serialization(STRUCTURE_UNEXPECTED);
        }
        if (value.isArray()) {
            throw ApiException.serialization(LIST_UNEXPECTED);
        }
    }

    private void removeNulls() {
        for (Iterator<JsonNode> members = value.elements(); members.hasNext(); ) {
            if (members.next().isNull()) {
                members.remove();
            }
        }
    }

    private ApiException mismatch(String wanted) {
        return ApiException.serialization(
                "%s can not be converted to %s".formatted(wire(), wanted));
    }

    private String wire() {
        return switch (value.getNodeType()) {
            case STRING -> "STRING_VALUE";
            case NUMBER -> "NUMBER_VALUE";
            case BOOLEAN -> value.asBoolean() ? "TRUE_VALUE" : "FALSE_VALUE";
            case NULL -> "NULL_VALUE";
            case ARRAY, BINARY, MISSING, OBJECT, POJO -> value.getNodeType().name();
        };
    }
}
