package io.delivery.loading;

import java.util.List;
import java.util.Optional;

/**
 * What a setting's value may be, and how it is read.
 *
 * @param <T> what it becomes
 */
interface ValueType<T> {
    /** For the reference: {@code size}, {@code none, gzip}. */
    String words();

    /** Reads a value; whatever is wrong with it is reported there, and then nothing is returned. */
    Optional<T> read(YamlValue value);

    /** The sections that a value of this type has, for the reference. */
    default List<Section> sections() {
        return List.of();
    }
}
