package io.delivery.record;

/**
 * Texts that others chose – records, keys, what a store or a client says – made fit to be shown: in
 * a log, in a message, on a terminal. What would move the cursor, end the line, change the
 * direction of writing or be no character at all is written as {@code \}{@code uXXXX}, the form
 * that JSON knows; everything else stays as it is.
 */
public final class PrintableText {
    private PrintableText() {}

    /** The text in one line. */
    public static String of(String text) {
        return escaped(text, false);
    }

    /** The text with its line breaks and tabs. */
    public static String lines(String text) {
        return escaped(text, true);
    }

    private static String escaped(String text, boolean keepsLines) {
        int at = 0;
        while (at < text.length() && isPlain(text, at, keepsLines)) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, at);
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (isPlain(text, at, keepsLines)) {
                escaped.append(c);
            } else if (c == '\n') {
                escaped.append("\\n");
            } else if (c == '\r') {
                escaped.append("\\r");
            } else if (c == '\t') {
                escaped.append("\\t");
            } else {
                escaped.append("\\u%04x".formatted((int) c));
            }
        }
        return escaped.toString();
    }

    private static boolean isPlain(String text, int at, boolean keepsLines) {
        char c = text.charAt(at);
        if (c >= ' ' && c < 0x7F) {
            return true;
        }
        if (c == '\n' || c == '\t') {
            return keepsLines;
        }
        if (Character.isSurrogate(c)) {
            return isPaired(text, at);
        }
        return !Character.isISOControl(c) && !changesDirectionOrLine(c);
    }

    private static boolean isPaired(String text, int at) {
        char c = text.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }

    /** Unicode's Bidi_Control characters, and its separators of lines and paragraphs. */
    private static boolean changesDirectionOrLine(char c) {
        return c == 0x061C
                || c == 0x200E
                || c == 0x200F
                || c >= 0x2028 && c <= 0x202E
                || c >= 0x2066 && c <= 0x2069;
    }
}
