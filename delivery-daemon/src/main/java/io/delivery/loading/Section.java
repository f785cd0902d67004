package io.delivery.loading;

import io.delivery.config.Suggestion;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A mapping with known keys.
 *
 * @param path for the reference, e.g. {@code streams.NAME.buffer}
 * @param unsupported keys that a reader of the documentation of Firehose, or of a later version,
 *     may try, each with what to do instead
 */
record Section(
        String path, String description, List<Field<?>> fields, Map<String, String> unsupported) {

    static Section of(String path, String description, Field<?>... fields) {
        return new Section(path, description, List.of(fields), Map.of());
    }

    Section without(Map<String, String> keys) {
        return new Section(path, description, fields, keys);
    }

    Collection<String> names() {
        return fields.stream().map(Field::name).toList();
    }

    /** What to say about a key that is not here. */
    String unknown(String key) {
        String supported = "; supported here: " + String.join(", ", names());
        if (unsupported.containsKey(key)) {
            String instead = unsupported.get(key);
            return "not supported" + (instead.isEmpty() ? "" : ": " + instead) + supported;
        }
        if (key.equals("<<")) {
            return "merge keys are not supported; repeat the settings, or use an alias for a value";
        }
        Optional<String> near = Suggestion.nearest(key, names());
        if (near.isPresent()) {
            return "unknown; did you mean " + near.get() + "?";
        }
        for (Field<?> field : fields) {
            for (Section below : field.type().sections()) {
                if (below.names().contains(key)) {
                    return "unknown here; did you mean %s.%s?".formatted(field.name(), key);
                }
            }
        }
        return "unknown" + supported;
    }
}
