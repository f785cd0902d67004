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
 * {@link POJONode}. Immutable.
 */
record Template(List<Part> parts) {
    /**
     * A piece of it.
     *
     * @param hole whether {@code text} is the expression of what is not known
     */
    record Part(String text, boolean hole) {}

    Template {
        parts = List.copyOf(parts);
    }

    /** What only an expression tells. */
    static JsonNode unknown(String expression) {
        return new POJONode(new Template(List.of(new Part(expression, true))));
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
            in(piece)
                    .ifPresentOrElse(
                            template -> parts.addAll(template.parts),
                            () -> parts.add(new Part(piece.asText(), false)));
        }
        return parts.stream().anyMatch(Part::hole)
                ? new POJONode(new Template(parts))
                : JsonNodeFactory.instance.textNode(
                        parts.stream().map(Part::text).collect(Collectors.joining()));
    }

    /** The expression, when nothing of the value is known. */
    Optional<String> whole() {
        List<Part> said = parts.stream().filter(p -> p.hole() || !p.text().isEmpty()).toList();
        return said.size() == 1 ? Optional.of(said.get(0).text()) : Optional.empty();
    }

    /** As a person reads it: expressions in braces. */
    @Override
    public String toString() {
        return parts.stream()
                .map(part -> part.hole() ? "{" + part.text() + "}" : part.text())
                .collect(Collectors.joining());
    }
}
