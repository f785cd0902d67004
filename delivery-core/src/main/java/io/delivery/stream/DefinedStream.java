package io.delivery.stream;

import io.delivery.config.StreamDefinition;

/**
 * A stream as somebody defines it.
 *
 * @param definition its version is ignored: the stream's history assigns one
 * @param document the definition as it was written, {@code ${…}} unresolved: what is kept, and what
 *     two definitions are compared by
 */
public record DefinedStream(StreamDefinition definition, String document) {
    public String name() {
        return definition.name();
    }
}
