package io.delivery.loading;

import java.util.Map;
import java.util.Optional;

/** The values of one section in a file. */
final class SectionValues {
    private final String path;
    private final Map<String, YamlValue> values;
    private final ConfigReading reading;

    SectionValues(String path, Map<String, YamlValue> values, ConfigReading reading) {
        this.path = path;
        this.values = values;
        this.reading = reading;
    }

    /** Whether the file says anything about it, right or wrong. */
    boolean has(Field<?> field) {
        return values.containsKey(field.name());
    }

    /** Whether the file says nothing at all here, not even something unknown. */
    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Empty when the file does not say it, and when what it says is wrong and was reported. */
    <T> Optional<T> get(Field<T> field) {
        return Optional.ofNullable(values.get(field.name())).flatMap(field.type()::read);
    }

    /**
     * Reports it when the file does not say it.
     *
     * @param placeholder stands in for what is missing or wrong, so that reading can go on
     */
    <T> T required(Field<T> field, T placeholder) {
        if (!has(field)) {
            problem(field, "must be given");
        }
        return get(field).orElse(placeholder);
    }

    void problem(Field<?> field, String message) {
        reading.problem(path(field), message);
    }

    String path(Field<?> field) {
        return path.isEmpty() ? field.name() : path + "." + field.name();
    }

    String path() {
        return path;
    }

    ConfigReading reading() {
        return reading;
    }
}
