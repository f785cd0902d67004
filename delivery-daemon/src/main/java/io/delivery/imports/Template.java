package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.POJONode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A value of which parts are known to the source's own program only: in a tree it stands as a
 * {@link POJONode}. Literal parts behind each other are one. Immutable.
 */
record Template(List<Part> parts) {
    /**
     * A piece of it.
     *
     * @param hole whether {@code text} is the expression of what is not known; within one source
     *     the same expression has the same value, and another one may have another
     */
    record Part(String text, boolean hole) {}

    Template {
        parts = merged(parts);
    }

    private static List<Part> merged(List<Part> parts) {
        List<Part> merged = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (Part part : parts) {
            if (part.hole()) {
                endLiteral(literal, merged);
                merged.add(part);
            } else {
                literal.append(part.text());
            }
        }
        endLiteral(literal, merged);
        return List.copyOf(merged);
    }

    private static void endLiteral(StringBuilder literal, List<Part> parts) {
        if (!literal.isEmpty()) {
            parts.add(new Part(literal.toString(), false));
            literal.setLength(0);
        }
    }

    /** What the source says itself. */
    static Template known(String text) {
        return new Template(List.of(new Part(text, false)));
    }

    /** What only an expression tells. */
    static Template of(String expression) {
        return new Template(List.of(new Part(expression, true)));
    }

    /** {@link #of} in a tree. */
    static JsonNode unknown(String expression) {
        return new POJONode(of(expression));
    }

    /** The template that stands at a place of a tree. */
    static Optional<Template> in(JsonNode node) {
        return node instanceof POJONode pojo && pojo.getPojo() instanceof Template template
                ? Optional.of(template)
                : Optional.empty();
    }

    /** Pieces behind each other: a text when all of them are known. */
    static JsonNode joined(List<JsonNode> pieces) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode piece : pieces) {
            parts.addAll(parts(piece));
        }
        return new Template(parts).node();
    }

    /** The parts of a text, or of a template. */
    static List<Part> parts(JsonNode piece) {
        return in(piece)
                .map(Template::parts)
                .orElseGet(() -> List.of(new Part(piece.asText(), false)));
    }

    /** As it stands in a tree: a text when all of it is known. */
    JsonNode node() {
        return parts.stream().anyMatch(Part::hole)
                ? new POJONode(this)
                : JsonNodeFactory.instance.textNode(
                        parts.stream().map(Part::text).collect(Collectors.joining()));
    }

    /** The expression, when nothing of the value is known. */
    Optional<String> whole() {
        return parts.size() == 1 ? Optional.of(parts.get(0).text()) : Optional.empty();
    }

    /** As a person reads it: expressions in braces. */
    @Override
    public String toString() {
        return parts.stream()
                .map(part -> part.hole() ? "{" + part.text() + "}" : part.text())
                .collect(Collectors.joining());
    }
}
