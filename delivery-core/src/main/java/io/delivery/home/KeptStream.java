package io.delivery.home;

import java.nio.file.Path;

/**
 * A stream as its directory knows it.
 *
 * @param document its last definition, as it was written
 */
public record KeptStream(String name, String document, Path directory) {}
