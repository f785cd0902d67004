package io.delivery.api.model;

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
    private final List<String> constraints = new ArrayList<>(0);

    /**
     * @param value how the value is shown: empty, or a blank and the text
     * @param path lower camel case from the request's root, list members from 1
     * @param constraint {@code Member must …}
     */
    public void add(String value, String path, String constraint) {
        constraints.add(constraint);
        found.add(
                "Value%s at '%s' failed to satisfy constraint: %s"
                        .formatted(value, path, constraint));
    }

    public void required(String path) {
        add("", path, "Member must not be null");
    }

    public void tooLong(String path, int max) {
        add("", path, "Member must have length less than or equal to " + max);
    }

    public void tooShort(String path, int min) {
        add("", path, "Member must have length greater than or equal to " + min);
    }

    /** 1 to 64 of the name's characters; null is a missing member. */
    public void streamName(String path, String name) {
        if (name == null) {
            required(path);
        } else {
            string(path, name, 1, MAX_NAME_LENGTH, NAME);
        }
    }

    private void string(String path, String value, int min, int max, Pattern pattern) {
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

    /** The constraints alone, without the values' places. */
    List<String> constraints() {
        return constraints;
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public void clear() {
        found.clear();
        constraints.clear();
    }

    public void addAll(Violations others) {
        found.addAll(others.found);
        constraints.addAll(others.constraints);
    }

    /** Throws the ValidationException unless there is nothing to report. */
    public void check() {
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
