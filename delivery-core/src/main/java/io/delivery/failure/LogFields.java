package io.delivery.failure;

import java.util.Map;

/**
 * A parameter of a log message that stands for several values. Its {@code toString} has the form
 * {@code name=value name=value}; the JSON form of the log makes a field of each.
 */
public interface LogFields {
    /** The values by name: texts, numbers and truth values. */
    Map<String, Object> logFields();
}
