package io.delivery.config;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A master key, which wraps the keys of streams.
 *
 * @param id what the operator calls it; on disks, so it stays with its key
 * @param file that holds it
 * @param key the key itself, which a variable of the environment stands for
 */
public record MasterKeySettings(String id, Optional<Path> file, Optional<Secret> key) {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");

    static void validate(List<MasterKeySettings> keys, ConfigProblems problems) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < keys.size(); i++) {
            MasterKeySettings key = keys.get(i);
            String path = path(i);
            if (!ID.matcher(key.id).matches()) {
                problems.add(
                        path + ".id", "must have 1 to 128 of [a-zA-Z0-9_.-], was '" + key.id + "'");
            }
            if (!ids.add(key.id)) {
                problems.add(
                        path + ".id", "must differ from those of the keys before, was " + key.id);
            }
            if (key.file.isPresent() == key.key.isPresent()) {
                problems.add(path, "must have one of file, key");
            }
        }
    }

    /** The setting of the key at this index. */
    public static String path(int index) {
        return "encryption.keys[%d]".formatted(index);
    }
}
