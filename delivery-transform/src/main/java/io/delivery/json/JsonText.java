package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;

/** Writes an object or array back as JSON text, without white space, numbers as they were. */
final class JsonText {
    private static final int KEPT = 1 << 14;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final Dialect dialect;
    private char[] text = new char[256];
    private int length;

    JsonText(Dialect dialect) {
        this.dialect = dialect;
    }

    char[] characters() {
        return text;
    }

    int length() {
        return length;
    }

    /** Forgets the text; gives back what a giant needed. */
    void clear() {
        length = 0;
        if (text.length > KEPT) {
            text = new char[KEPT];
        }
    }

    /** Reads the value that begins at the current token, up to its last one. */
    void read(JsonParser json) throws IOException {
        length = 0;
        int depth = 0;
        JsonToken token = json.currentToken();
        boolean first = true;
        while (true) {
            boolean closes = token == JsonToken.END_ARRAY || token == JsonToken.END_OBJECT;
            if (!first && !closes) {
                add(',');
            }
            first = false;
            if (token == JsonToken.FIELD_NAME) {
                String key = dialect.kept(json.currentName());
                quoted(key.toCharArray(), 0, key.length());
                add(':');
                token = json.nextToken();
            }
            switch (token) {
                case START_OBJECT, START_ARRAY -> {
                    add(token == JsonToken.START_OBJECT ? '{' : '[');
                    depth++;
                    first = true;
                }
                case END_OBJECT, END_ARRAY -> {
                    add(token == JsonToken.END_OBJECT ? '}' : ']');
                    depth--;
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
                return;
            }
            token = json.nextToken();
        }
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
