package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Writes an object or array back as JSON text, without white space, numbers as they were.
 *
 * <p>An object has each key once: of a key that is there twice the last value counts, and of two
 * keys that become the same in lower case the one that was not lower-cased, as in maps. Not
 * thread-safe.
 */
final class JsonText {
    private static final int KEPT = 1 << 14;

    /** Room for the members of more objects within each other is not kept for the next value. */
    private static final int KEPT_DEPTH = 16;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final UnaryOperator<String> keys;
    private char[] text = new char[256];
    private int length;

    /** The members of each object that is open, the outermost first. */
    private final List<TextMembers> open = new ArrayList<>();

    /** Parts of the text that do not count: where each begins, and behind that where it ends. */
    private long[] gaps = new long[4];

    private int gapCount;

    /**
     * @param keys gives the form in which a key is written
     */
    JsonText(UnaryOperator<String> keys) {
        this.keys = keys;
    }

    char[] characters() {
        return text;
    }

    int length() {
        return length;
    }

    /** Forgets the text and its keys; gives back what a giant needed. */
    void clear() {
        length = 0;
        open.forEach(TextMembers::clear);
        if (text.length > KEPT) {
            text = new char[KEPT];
        }
        if (open.size() > KEPT_DEPTH) {
            open.subList(KEPT_DEPTH, open.size()).clear();
        }
        if (gaps.length > KEPT) {
            gaps = new long[4];
        }
    }

    /** Reads the value that begins at the current token, up to its last one. */
    void read(JsonParser json) throws IOException {
        length = 0;
        gapCount = 0;
        int depth = 0;
        int objects = 0;
        JsonToken token = json.currentToken();
        boolean first = true;
        while (true) {
            if (token == JsonToken.FIELD_NAME) {
                if (!key(json, members(objects - 1), first)) {
                    json.nextToken();
                    json.skipChildren();
                    token = json.nextToken();
                    continue;
                }
                token = json.nextToken();
            } else if (!first && !token.isStructEnd()) {
                add(',');
            }
            first = false;
            switch (token) {
                case START_OBJECT, START_ARRAY -> {
                    boolean isObject = token == JsonToken.START_OBJECT;
                    add(isObject ? '{' : '[');
                    depth++;
                    first = true;
                    if (isObject) {
                        members(objects++).clear();
                    }
                }
                case END_OBJECT, END_ARRAY -> {
                    boolean isObject = token == JsonToken.END_OBJECT;
                    add(isObject ? '}' : ']');
                    depth--;
                    if (isObject) {
                        objects--;
                    }
                }
                case VALUE_STRING ->
                        quoted(
                                json.getTextCharacters(),
                                json.getTextOffset(),
                                json.getTextLength());
                default ->
                        add(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
            }
            if (depth == 0) {
                closeGaps();
                return;
            }
            token = json.nextToken();
        }
    }

    private TextMembers members(int object) {
        if (object == open.size()) {
            open.add(new TextMembers());
        }
        return open.get(object);
    }

    /**
     * Writes the current key.
     *
     * @param first whether nothing of its object is written yet
     * @return false when an equal key counts, and not this one: nothing was written
     */
    private boolean key(JsonParser json, TextMembers members, boolean first) throws IOException {
        String written = json.currentName();
        String key = keys.apply(written);
        boolean isLowered = !key.equals(written);
        int equal = members.of(key);
        if (equal != TextMembers.NONE) {
            if (isLowered && !members.isLowered(equal)) {
                return false;
            }
            drop(members.start(equal), members.end(equal, length));
        }
        members.add(key, isLowered, length);
        if (!first) {
            add(',');
        }
        quoted(key.toCharArray(), 0, key.length());
        add(':');
        return true;
    }

    private void drop(int start, int end) {
        if (gapCount == gaps.length) {
            gaps = Arrays.copyOf(gaps, gapCount * 2);
        }
        gaps[gapCount++] = (long) start << 32 | end;
    }

    /** Closes the gaps, all at once: one by one would take the square of their number. */
    private void closeGaps() {
        if (gapCount == 0) {
            return;
        }
        Arrays.sort(gaps, 0, gapCount);
        int from = 0;
        int to = 0;
        for (int i = 0; i < gapCount; i++) {
            int start = (int) (gaps[i] >>> 32);
            int end = (int) gaps[i];
            if (end <= from) {
                continue; // within one that is gone
            }
            if (start > from) {
                System.arraycopy(text, from, text, to, start - from);
                to += start - from;
            }
            from = end;
            if (text[to - 1] == '{' && text[from] == ',') {
                from++; // the next member is the first one now
            }
        }
        System.arraycopy(text, from, text, to, length - from);
        length = to + length - from;
    }

    private void quoted(char[] source, int offset, int count) {
        add('"');
        for (int i = offset; i < offset + count; i++) {
            char c = source[i];
            if (c == '"' || c == '\\') {
                add('\\');
                add(c);
            } else if (c >= ' ') {
                add(c);
            } else {
                int letter = "\b\t\n\f\r".indexOf(c);
                add('\\');
                if (letter >= 0) {
                    add("btnfr".charAt(letter));
                } else {
                    add('u');
                    add('0');
                    add('0');
                    add(HEX[c >> 4]);
                    add(HEX[c & 15]);
                }
            }
        }
        add('"');
    }

    private void add(char c) {
        room(1);
        text[length++] = c;
    }

    private void add(char[] source, int offset, int count) {
        room(count);
        System.arraycopy(source, offset, text, length, count);
        length += count;
    }

    private void room(int count) {
        if (length + count > text.length) {
            text = Arrays.copyOf(text, Math.max(length + count, text.length * 2));
        }
    }
}
