package io.delivery.loading;

import io.delivery.config.StreamDefinition;

/**
 * A stream of a file.
 *
 * @param definition version 1; whoever knows the versions before it gives it its own
 * @param document the whole definition as YAML, defaults filled in, {@code ${…}} unresolved: what
 *     may be kept on disk, and what two loads are compared by
 */
public record LoadedStream(StreamDefinition definition, String document) {}
