package io.delivery.suggest;

import java.util.BitSet;

/**
 * Follows the braces and brackets of JSON text from line to line, to know where an object ends. It
 * believes whatever a decoder must refuse anyway; it only notices what can never become an object.
 */
final class JsonNesting {
    /** Beyond it no decoder reads on. */
    private static final int MAX_DEPTH = 1001;

    private final BitSet isArray = new BitSet();
    private int depth;
    private byte before;

    /** Forgets what was read. */
    void begin() {
        depth = 0;
        before = 0;
    }

    /** Whether something has begun and not ended. */
    boolean isOpen() {
        return depth > 0;
    }

    /**
     * Reads one line.
     *
     * @return false when this is no JSON: a brace where none may be, a text that does not end in
     *     its line, or too many levels
     */
    boolean read(byte[] line) {
        boolean inText = false;
        for (int i = 0; i < line.length; i++) {
            byte b = line[i];
            if (inText) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    inText = false;
                }
                continue;
            }
            switch (b) {
                case ' ', '\t', '\r' -> {
                    continue;
                }
                case '"' -> inText = true;
                case '{', '[' -> {
                    if (!mayOpen() || depth == MAX_DEPTH) {
                        return false;
                    }
                    isArray.set(depth++, b == '[');
                }
                case '}', ']' -> {
                    if (depth == 0 || isArray.get(depth - 1) != (b == ']')) {
                        return false;
                    }
                    depth--;
                }
                default -> {
                    // Numbers, words, commas and colons: the decoder looks at them.
                }
            }
            before = b;
        }
        return !inText;
    }

    private boolean mayOpen() {
        if (depth == 0) {
            return true;
        }
        boolean inArray = isArray.get(depth - 1);
        return before == ':' && !inArray || inArray && (before == '[' || before == ',');
    }
}
