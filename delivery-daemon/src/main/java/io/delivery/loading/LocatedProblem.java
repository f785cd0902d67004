package io.delivery.loading;

/**
 * Something wrong with a configuration file.
 *
 * @param file as the user wrote it
 * @param line from 1; 0 when the problem is about the file as a whole
 * @param path the setting, dotted; empty when the text is not even YAML
 * @param message the rule and the value seen
 */
public record LocatedProblem(String file, int line, String path, String message) {
    /** The same place with another message. */
    LocatedProblem saying(String other) {
        return new LocatedProblem(file, line, path, other);
    }

    @Override
    public String toString() {
        return file
                + (line > 0 ? ":" + line : "")
                + (path.isEmpty() ? ": " : " " + path + ": ")
                + message;
    }
}
