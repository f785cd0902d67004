package io.delivery.api;

import java.util.List;
import java.util.Optional;

/** The streams that the API can reach. Thread-safe. */
public interface Streams {
    /** A stream by its exact, case-sensitive name. */
    Optional<StreamDoor> find(String name);

    /** All names, in any order. */
    List<String> names();
}
