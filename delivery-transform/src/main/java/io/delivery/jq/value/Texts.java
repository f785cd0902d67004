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
    private static final int REPLACEMENT = 0xFFFD;
    private static final int INVALID = -1;

    /** By the length of a sequence: the bits of its first byte, and what it may stand for. */
    private static final int[] FIRST_BITS = {0, 0xFF, 0x1F, 0x0F, 0x07};

    private static final int[] SMALLEST = {0, 0, 0x80, 0x800, 0x10000};
    private static final int[] LARGEST = {0, MOST_ASCII, 0x7FF, 0xFFFF, 0x10FFFF};

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

    /**
     * Reads UTF-8 as jq 1.6 does ({@code jvp_utf8_next}): U+FFFD stands for each sequence that is
     * none, and for all that is left when the last sequence is cut off.
     */
    public static String fromUtf8(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int at = 0;
        while (at < bytes.length) {
            int length = sequenceLength(bytes[at]);
            int read = Math.min(length, bytes.length - at);
            int point = read == length ? bytes[at] & FIRST_BITS[length] : INVALID;
            for (int i = 1; i < read && point != INVALID; i++) {
                if ((bytes[at + i] & 0xC0) == 0x80) {
                    point = point << 6 | bytes[at + i] & 0x3F;
                } else {
                    point = INVALID;
                    read = i;
                }
            }
            text.appendCodePoint(isCharacter(point, length) ? point : REPLACEMENT);
            at += read;
        }
        return text.toString();
    }

    /** By its first byte; 1 when no sequence begins so. */
    private static int sequenceLength(byte first) {
        int value = first & 0xFF;
        if (value < 0xC2 || value > 0xF4) {
            return 1;
        }
        return value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
    }

    private static boolean isCharacter(int point, int length) {
        boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        return point >= SMALLEST[length] && point <= LARGEST[length] && !surrogate;
    }
}
