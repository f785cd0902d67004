package io.delivery.format;

/**
 * One thing that is wrong with a table, or with the way it is named.
 *
 * @param cause what would help
 * @param file that describes the table; empty when there is none to point to
 * @param line of the file, from 1; 0 when the problem is about the file as a whole
 * @param path the setting in the file, for example {@code columns[2].type}; without a file the part
 *     of the name that is wrong: {@code database}, {@code table} or {@code version}; may be empty
 * @param message the rule and the value seen
 */
public record SchemaProblem(Cause cause, String file, int line, String path, String message) {
    /** What kind of remedy there is. */
    public enum Cause {
        /** What names the table can name none: its name or version must be corrected. */
        NAME,
        /** There is no such table or version; it may be brought later. */
        ABSENT,
        /**
         * The file, or the service that has the table, cannot be read or does not let us; it may be
         * later.
         */
        UNREADABLE,
        /** The table makes no sense: somebody must correct it. */
        CONTENT
    }

    /** Whether nothing gets better by waiting. */
    public boolean lasts() {
        return switch (cause) {
            case NAME, CONTENT -> true;
            case ABSENT, UNREADABLE -> false;
        };
    }

    @Override
    public String toString() {
        if (file.isEmpty()) {
            return message;
        }
        return file
                + (line > 0 ? ":" + line : "")
                + (path.isEmpty() ? ": " : " " + path + ": ")
                + message;
    }
}
