package io.delivery.imports;

/**
 * Something that a person should know of an import or an export: one line.
 *
 * @param place where the value stands: file and path in it, or a setting
 */
public record Finding(Kind kind, String place, String message) {
    /** What to make of it. */
    public enum Kind {
        /** A whole stream, or a file, did not become YAML. */
        NOT_IMPORTED("not imported"),
        /** The YAML says something that somebody has to give or to confirm. */
        FILL_IN("fill in"),
        /** It has an effect where it comes from, and none here. */
        LEFT_OUT("left out"),
        /** It is not in the YAML, and nothing is missing therefore. */
        NOTE("note");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** Whether somebody has to look before the streams run. */
    public boolean needsALook() {
        return kind != Kind.NOTE;
    }

    @Override
    public String toString() {
        return "%s: %s: %s".formatted(kind.words, place, message);
    }
}
