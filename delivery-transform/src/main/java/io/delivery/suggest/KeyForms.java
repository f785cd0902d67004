package io.delivery.suggest;

import io.delivery.format.JsonSerDe;
import java.util.Locale;

/**
 * Which keys of a record are the same field for a deserializer, and which can be a field at all.
 */
final class KeyForms {
    /** A column's name has no more characters; the port {@code format} says so. */
    static final int MAX_KEY_LENGTH = 255;

    private final boolean anyCase;
    private final boolean dotsAreUnderscores;
    private final boolean lenient;

    private KeyForms(boolean anyCase, boolean dotsAreUnderscores, boolean lenient) {
        this.anyCase = anyCase;
        this.dotsAreUnderscores = dotsAreUnderscores;
        this.lenient = lenient;
    }

    static KeyForms of(JsonSerDe serde) {
        return serde.accept(
                new JsonSerDe.Visitor<>() {
                    @Override
                    public KeyForms openX(JsonSerDe.OpenX openX) {
                        return new KeyForms(
                                openX.caseInsensitive(),
                                openX.convertDotsInJsonKeysToUnderscores(),
                                true);
                    }

                    @Override
                    public KeyForms hive(JsonSerDe.Hive hive) {
                        return new KeyForms(true, false, false);
                    }
                });
    }

    /**
     * Whether values of a neighbouring type are taken for what they mean, and columns can have
     * another name than their key (OpenX).
     */
    boolean lenient() {
        return lenient;
    }

    /** The same for all keys that fill one field. */
    String form(String key) {
        String form = anyCase ? lower(key) : key;
        return dotsAreUnderscores ? form.replace('.', '_') : form;
    }

    /** The key by which a mapping finds the field. */
    String mapped(String key) {
        return anyCase ? lower(key) : key;
    }

    /**
     * Whether a field can be of this key. Half of a surrogate pair is in none: the decoder refuses
     * such a record.
     */
    boolean canBeField(String key) {
        if (key.length() > MAX_KEY_LENGTH || form(key).length() > MAX_KEY_LENGTH) {
            return false;
        }
        return lenient || !key.isBlank() && key.chars().noneMatch(Character::isISOControl);
    }

    /** Whether the column or field can have the key for its name, without a mapping. */
    boolean isName(String form) {
        return lenient
                ? !form.isEmpty()
                        && form.equals(lower(form))
                        && form.codePoints().allMatch(KeyForms::isPlain)
                : true;
    }

    /** What every engine takes for a name, or close to it. */
    static String plain(String form) {
        StringBuilder name = new StringBuilder();
        lower(form)
                .codePoints()
                .forEach(
                        c -> {
                            if (isPlain(c)) {
                                name.appendCodePoint(c);
                            } else if (name.length() > 0 && name.charAt(name.length() - 1) != '_') {
                                name.append('_');
                            }
                        });
        while (name.length() > 0 && name.charAt(name.length() - 1) == '_') {
            name.setLength(name.length() - 1);
        }
        return name.length() == 0 ? "field" : name.toString();
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean isPlain(int c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    /** A line as a comment of a file may have it: without control characters. */
    static String shownLine(String text) {
        return shown(text, text.length());
    }

    /** A key as a message may show it: short, and without what steers a terminal. */
    static String shown(String key) {
        return shown(key, 60);
    }

    private static String shown(String text, int most) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(most)
                .forEach(
                        c -> {
                            if (c >= ' ' && c <= '~' || Character.isLetterOrDigit(c) || c == '…') {
                                shown.appendCodePoint(c);
                            } else {
                                shown.append("\\u%04x".formatted(c));
                            }
                        });
        return text.codePointCount(0, text.length()) > most ? shown + "…" : shown.toString();
    }
}
