package io.delivery.home;

import io.delivery.config.Origin;
import java.nio.file.Path;

/**
 * A stream as its directory knows it.
 *
 * @param version of the definition that is in force
 * @param document that definition, as it was written
 */
public record KeptStream(
        String name, Origin origin, int version, String document, Path directory) {}
