package io.delivery.api.codec;

import io.delivery.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Collects broken constraints of the model, so that a ValidationException reports all of them at
 * once, in the order they were found.
 */
public final class Violations {
    private static final String NAME_PATTERN = "[a-zA-Z0-9_.-]+"; // API reference
    private static final Pattern NAME = Pattern.compile(NAME_PATTERN);
    private static final int MAX_NAME_LENGTH = 64; // API reference

    private final List<String> found = new ArrayList<>(0);

    /**
     * @param value how the value is shown: empty, or a blank and the text
     * @param path lower camel case from the request's root, list members from 1
     * @param constraint {@code Member must …}
     */
    void add(String value, String path, String constraint) {
        found.add(
                "Value%s at '%s' failed to satisfy constraint: %s"
                        .formatted(value, path, constraint));
    }

    void required(String path) {
        add("", path, "Member must not be null");
    }

    void tooLong(String path, int max) {
        add("", path, "Member must have length less than or equal to " + max);
    }

    void tooShort(String path, int min) {
        add("", path, "Member must have length greater than or equal to " + min);
    }

    /** 1 to 64 of the name's characters; null is a missing member. */
    void streamName(String path, String name) {
        if (name == null) {
            required(path);
        } else {
            string(path, name, 1, MAX_NAME_LENGTH, NAME);
        }
    }

    void string(String path, String value, int min, int max, Pattern pattern) {
        if (!pattern.matcher(value).matches()) {
            add("", path, "Member must satisfy regular expression pattern: " + pattern);
        }
        if (value.length() > max) {
            tooLong(path, max);
        }
        if (value.length() < min) {
            tooShort(path, min);
        }
    }

    void range(String path, int value, int min, int max) {
        if (value > max) {
            add("", path, "Member must have value less than or equal to " + max);
        }
        if (value < min) {
            add("", path, "Member must have value greater than or equal to " + min);
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    void clear() {
        found.clear();
    }

    void addAll(Violations others) {
        found.addAll(others.found);
    }

    /** Throws the ValidationException unless there is nothing to report. */
    void check() {
        if (!found.isEmpty()) {
            throw ApiException.validation(
                    "%d validation error%s detected: %s"
                            .formatted(
                                    found.size(),
                                    found.size() == 1 ? "" : "s",
                                    String.join("; ", found)));
        }
    }
}
