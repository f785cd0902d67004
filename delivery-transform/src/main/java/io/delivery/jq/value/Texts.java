package io.delivery.jq.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;

/** Texts as jq has them: sequences of code points, found and cut by them. */
public final class Texts {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MOST_ASCII = 0x7f;

    private Texts() {}

    /** The code points of a text. */
    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** From one code point to before another. */
    static JsonNode slice(String text, int from, int to, Budget budget) {
        budget.chargeCharacters(text.length());
        int begin = text.offsetByCodePoints(0, from);
        int end = text.offsetByCodePoints(begin, to - from);
        return TextNode.valueOf(text.substring(begin, end));
    }

    /** What is between separators; of an empty separator, every code point. */
    public static ArrayNode split(String text, String separator, Budget budget) {
        budget.chargeSearch(text.length(), separator.length());
        ArrayNode pieces = NODES.arrayNode();
        if (separator.isEmpty()) {
            budget.chargeNodes(text.length());
            text.codePoints().forEach(point -> pieces.add(Character.toString(point)));
            return pieces;
        }
        int from = 0;
        while (from < text.length()) {
            int found = text.indexOf(separator, from);
            int end = found < 0 ? text.length() : found;
            pieces.add(text.substring(from, end));
            budget.chargeNodes(1);
            // A text that ends with a separator has nothing behind it.
            if (end + separator.length() == text.length()) {
                pieces.add("");
            }
            from = end + separator.length();
        }
        return pieces;
    }

    /** Where a text is found in another, in bytes of UTF-8, one find behind the other. */
    public static ArrayNode indexes(String text, String searched, Budget budget) {
        budget.chargeSearch(text.length(), searched.length());
        ArrayNode indexes = NODES.arrayNode();
        if (searched.isEmpty()) {
            return indexes;
        }
        int counted = 0;
        long bytes = 0;
        for (int at = text.indexOf(searched);
                at >= 0;
                at = text.indexOf(searched, at + searched.length())) {
            bytes += bytes(text, counted, at);
            counted = at;
            indexes.add(Arithmetic.integer(bytes));
            budget.chargeNodes(1);
        }
        return indexes;
    }

    private static long bytes(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) > MOST_ASCII) {
                return text.substring(from, to).getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return (long) to - from;
    }
}
