package io.delivery.home;

import io.delivery.config.Origin;
import java.nio.file.Path;

/** What a directory below {@code streams/} turned out to be. */
public sealed interface StreamFolder {
    /** The stream's name; as the directory tells it, in lower case, where nothing else does. */
    String name();

    Path directory();

    /** A stream that can be opened. */
    record Kept(KeptStream stream) implements StreamFolder {
        @Override
        public String name() {
            return stream.name();
        }

        @Override
        public Path directory() {
            return stream.directory();
        }
    }

    /**
     * A stream of which nobody can tell any more what it is. It is not guessed, and not begun anew.
     *
     * @param origin {@code YAML} when that cannot be told either: then no caller of the API may
     *     delete it
     */
    record Damaged(String name, Path directory, Origin origin, String reason)
            implements StreamFolder {}

    /** A stream whose removal has begun and not ended. */
    record Deleted(String name, Path directory) implements StreamFolder {}
}
