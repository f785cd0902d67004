package io.delivery.loading;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What {@code ${…}} stood for, so that no message shows it: whoever puts a secret into the wrong
 * setting is told so by the text that stands in the file.
 */
final class Substituted {
    /** Shorter values are words that rules and file names use as well. */
    private static final int TELLING = 8;

    /** Longer than what a right value may have in common with a rule's example (us-east-1). */
    private static final int PART = 10;

    private final List<Value> values = new ArrayList<>();

    /**
     * One more.
     *
     * @param path the setting that says it
     * @param reference as it stands in the file
     * @param value what it stands for
     */
    void add(String path, String reference, String value) {
        if (!value.isBlank()) {
            values.add(new Value(path, reference, value.strip()));
            values.sort(Comparator.comparingInt((Value v) -> v.value.length()).reversed());
        }
    }

    /**
     * The message with references in the place of what they stand for.
     *
     * @param path the setting that the message is about
     */
    String hide(String path, String message) {
        String hidden = message;
        for (Value value : values) {
            boolean own = value.path.equals(path);
            if (own && value.value.length() >= TELLING / 2) {
                hidden = hidden.replace(value.value, value.reference);
            } else if (own) {
                hidden = hidden.replace("was " + value.value, "was " + value.reference);
            }
        }
        hidden = hide(hidden);
        for (Value value : values) {
            int part = value.path.equals(path) ? PART : Math.max(PART, value.value.length() / 2);
            if (tellsPart(hidden, value, part)) {
                return "is wrong as it is resolved from %s; its value is not shown"
                        .formatted(value.reference);
            }
        }
        return hidden;
    }

    /** The same for a text that is about no single setting, where only whole values are found. */
    String hide(String text) {
        String hidden = text;
        for (Value value : values) {
            if (value.value.length() >= TELLING) {
                hidden = hidden.replace(value.value, value.reference);
            }
        }
        return hidden;
    }

    /** A rule may quote the beginning, the rest or another spelling of a value. */
    private static boolean tellsPart(String message, Value value, int length) {
        String folded = message.replace(value.reference, "").toLowerCase(Locale.ROOT);
        String secret = value.value.toLowerCase(Locale.ROOT);
        for (int at = 0; at + length <= secret.length(); at++) {
            if (folded.contains(secret.substring(at, at + length))) {
                return true;
            }
        }
        return false;
    }

    private record Value(String path, String reference, String value) {}
}
