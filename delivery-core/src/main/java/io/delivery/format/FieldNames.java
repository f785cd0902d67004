package io.delivery.format;

/** Names of columns and of a struct's fields: which ones there may be, and how they are written. */
final class FieldNames {
    private static final int MAX_LENGTH = 255;

    private FieldNames() {}

    /**
     * Refuses a name that no column and no field may have.
     *
     * @param what has the name, for the message
     * @throws IllegalArgumentException when the name is missing, is longer than 255 characters, or
     *     has characters that no file can hold or nobody can see
     */
    static void require(String name, String what) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("a " + what + " needs a name");
        }
        if (name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a " + what + " name has at most 255 characters, was " + name.length());
        }
        if (name.codePoints().anyMatch(FieldNames::isUnprintable)) {
            throw new IllegalArgumentException(
                    "a " + what + " name has no control characters, was " + printable(name));
        }
    }

    /** The name as a type string has it: in back quotes unless all its characters are plain. */
    static String quoted(String name) {
        boolean plain = name.chars().allMatch(FieldNames::isPlain);
        return plain ? name : "`" + name.replace("`", "``") + "`";
    }

    /** Whether this character means nothing else in a type string. */
    static boolean isPlain(int c) {
        return Character.isLetterOrDigit(c)
                || c == '_'
                || c == '-'
                || c == '$'
                || c == '@'
                || c == '/';
    }

    /** Control characters, and one half of a surrogate pair, which no file can hold. */
    private static boolean isUnprintable(int point) {
        return Character.isISOControl(point)
                || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    private static String printable(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints()
                .forEach(
                        point -> {
                            if (isUnprintable(point)) {
                                shown.append("\\u%04x".formatted(point));
                            } else {
                                shown.appendCodePoint(point);
                            }
                        });
        return shown.toString();
    }
}
