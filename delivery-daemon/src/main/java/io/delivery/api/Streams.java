package io.delivery.api;

import io.delivery.api.control.Resolver;
import java.util.List;
import java.util.Optional;

/** The streams that the API can reach. Thread-safe. */
public interface Streams {
    /** A stream by its exact, case-sensitive name, in whatever phase it is. */
    Optional<StreamDoor> look(String name);

    /**
     * The same, of a stream that must be there.
     *
     * @param account for the message
     * @throws ApiException ResourceNotFoundException
     */
    default StreamDoor require(String name, String account) {
        return look(name).orElseThrow(() -> ApiException.streamNotFound(name, account));
    }

    /** All names, in any order. */
    List<String> names();

    /** How streams come and go. */
    StreamChanges changes();

    /** Whether what definitions name is there. */
    Outside outside();

    /** What the names in definitions mean. */
    Resolver resolver();
}
