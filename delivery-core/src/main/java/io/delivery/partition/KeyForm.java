package io.delivery.partition;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells keys that streams may have given from those of strangers by the form of their last segment:
 * {@code <stream>-<version>-<time>-<UUID>}, which {@link KeyLayout} makes. A prefix need not end in
 * a slash, and an extension may follow.
 */
public final class KeyForm {
    private static final Pattern NAME =
            Pattern.compile(
                    "([^/]+)-\\d{1,10}-\\d{4}(?:-\\d\\d){5}-"
                            + "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
                            + "[^/]*");

    private final List<String> streams;

    /**
     * @param streams names of the streams that keys may be of
     */
    public KeyForm(Collection<String> streams) {
        this.streams =
                streams.stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList();
    }

    /** The stream whose form the key has; empty when it has none's. */
    public Optional<String> streamOf(String key) {
        Matcher name = NAME.matcher(key.substring(key.lastIndexOf('/') + 1));
        if (!name.matches()) {
            return Optional.empty();
        }
        return streams.stream().filter(name.group(1)::endsWith).findFirst();
    }
}
