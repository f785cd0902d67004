package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Dynamic references in the texts of a template of CloudFormation, such as {@code
 * {{resolve:ssm:/lake/prefix}}}: only a deployment knows what they stand for (CloudFormation user
 * guide, dynamic references).
 */
final class DynamicReferences {
    private static final String BEGIN = "{{resolve:";
    private static final String END = "}}";

    private DynamicReferences() {}

    /**
     * A text with a hole in the place of each of them; one that has no end is a text.
     *
     * @param text a text or a {@link Template}, whose holes may be within a reference
     */
    static JsonNode in(JsonNode text) {
        List<Template.Part> parts = new ArrayList<>();
        List<Template.Part> unended = new ArrayList<>();
        StringBuilder reference = new StringBuilder();
        for (Template.Part part : new Template(Template.parts(text)).parts()) {
            if (!part.hole()) {
                literal(part.text(), reference, parts, unended);
            } else if (reference.isEmpty()) {
                parts.add(part);
            } else {
                reference.append('{').append(part.text()).append('}');
                unended.add(part);
            }
        }
        boolean none = parts.stream().noneMatch(p -> p.hole() && p.text().startsWith(BEGIN));
        parts.addAll(unended);
        return none ? text : new Template(parts).node();
    }

    /**
     * @param reference that has begun and not ended; empty: none has
     * @param unended the parts that it has been read from
     */
    private static void literal(
            String text,
            StringBuilder reference,
            List<Template.Part> parts,
            List<Template.Part> unended) {
        int at = 0;
        while (at < text.length()) {
            boolean within = !reference.isEmpty();
            int found = text.indexOf(within ? END : BEGIN, at);
            int until = found < 0 ? text.length() : within ? found + END.length() : found;
            String piece = text.substring(at, until);
            if (within) {
                reference.append(piece);
                unended.add(new Template.Part(piece, false));
            } else {
                parts.add(new Template.Part(piece, false));
            }
            if (found >= 0 && within) {
                parts.add(new Template.Part(reference.toString(), true));
                reference.setLength(0);
                unended.clear();
            }
            if (found >= 0 && !within) {
                reference.append(BEGIN);
                unended.add(new Template.Part(BEGIN, false));
                until += BEGIN.length();
            }
            at = until;
        }
    }
}
